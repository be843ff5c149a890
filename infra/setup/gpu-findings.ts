/** What the doctor says of a GPU: the device, its driver, and the libraries between it and TensorFlow; changes nothing. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { trainerEnvironment } from '../../batch/protocol/environment.ts';
import { findProgram, runProgram } from './command.mjs';
import { cudaFolder, lackingCuda, lackingLinks } from './cuda.mjs';
import { type Finding, ok, warn } from './finding.ts';
import { hasGpu } from './gpu.mjs';
import { askNvidiaSmi, type GpuDevice, type SmiAnswer } from './nvidia-smi.ts';
import { CUDA_WHEELS, type CudaWheel, GPU_WHEELS } from './wheels.mjs';

export interface GpuFacts {
  /** `GANWAY_GPU`. */
  readonly asked: string | undefined;
  readonly arch: string;
  /** A device is there. */
  readonly present: boolean;
  readonly smi: SmiAnswer;
  /** Libraries of the driver that the loader does not find. */
  readonly driverLacks: readonly string[];
  /** Null where there is no cache to look into. */
  readonly cuda: {
    readonly folder: string;
    readonly wheels: readonly CudaWheel[];
    readonly links: readonly string[];
  } | null;
}

/** What TensorFlow opens of the driver: it computes by the first, and looks for devices by the second. */
const DRIVER_LIBRARIES = ['libcuda.so.1', 'libnvidia-ml.so.1'];

/** CUDA 12's oldest driver on Linux, by minor version compatibility (CUDA 12.5 Update 1 Release Notes, table 2). */
const OLDEST_DRIVER = '525.60.13';
/** CUDA 12.5's own driver (table 3): older ones do not compile its PTX, which all newer GPUs than {@link LAST_BINARY} need. */
const DRIVER_FOR_PTX = '555.42.02';
/** The wheel's kernels: sm_60, sm_70, sm_80 and sm_89 as binaries, compute_90 as PTX (its build_info.py). */
const FIRST_BINARY = 6;
const LAST_BINARY = 8.9;
/** Of what the pinned cuBLAS and cuDNN were made for. */
const NEWEST_KNOWN = 9;
/** Below this a training of small images may not find its memory. */
const COMFORTABLE_FREE_MB = 2048;

const CONTAINER = 'in a container: start it with --gpus all and NVIDIA_DRIVER_CAPABILITIES=compute,utility';

/** Looks at this machine. */
export async function gpuFindings(cache: string | null): Promise<Finding[]> {
  const asked = process.env.GANWAY_GPU;
  const present = hasGpu();
  const used = asked !== '0' && present;
  return describeGpu({
    asked,
    arch: process.arch,
    present,
    smi: used ? await askNvidiaSmi() : { kind: 'absent' },
    driverLacks: used ? await unknownToLoader(DRIVER_LIBRARIES) : [],
    cuda: cache === null ? null : { folder: cudaFolder(cache), wheels: lackingCuda(cache), links: lackingLinks(cache) },
  });
}

/** The lines of the report. */
export function describeGpu({ asked, arch, present, smi, driverLacks, cuda }: GpuFacts): Finding[] {
  if (!present && asked !== '1') return [ok('GPU', 'none; runs train on the processor')];
  if (asked === '0') return [warn('GPU', 'NVIDIA, switched off', 'GANWAY_GPU=0 is set; unset it to use the GPU.')];
  if (!(arch in GPU_WHEELS)) {
    const advice = `There are no GPU kernels for ${arch}: runs train on the processor.`;
    return [warn('GPU', present ? 'NVIDIA' : 'none', advice)];
  }
  if (!present) {
    const advice =
      'GANWAY_GPU=1 is set, but there is no NVIDIA device in /dev: the GPU kernels are prepared, and runs train on the processor.';
    return [warn('GPU', 'none', advice), ...libraries(cuda)];
  }
  return [...devices(smi), ...driver(smi, driverLacks), ...libraries(cuda)];
}

function devices(smi: SmiAnswer): Finding[] {
  if (smi.kind !== 'devices') return [ok('GPU', 'NVIDIA')];
  return smi.devices.flatMap((device) => [describeDevice(device), ...memory(device)]);
}

function describeDevice({ name, memoryMb, freeMb, capability }: GpuDevice): Finding {
  const words = [
    name,
    ...(memoryMb === null ? [] : [`${gb(memoryMb)} GB${freeMb === null ? '' : `, ${gb(freeMb)} GB free`}`]),
    ...(capability === null ? [] : [`compute capability ${capability}`]),
  ];
  const number = capability === null ? null : Number(capability);
  if (number === null || (number >= FIRST_BINARY && number <= LAST_BINARY)) return ok('GPU', words.join(', '));
  if (number < FIRST_BINARY)
    return warn(
      'GPU',
      words.join(', '),
      'TensorFlow has kernels from compute capability 6.0 on: runs train on the processor.',
    );
  if (number > NEWEST_KNOWN)
    return warn(
      'GPU',
      words.join(', '),
      'The pinned CUDA 12.5 libraries were made for GPUs up to compute capability 9.0. If training fails, GANWAY_GPU=0 trains on the processor.',
    );
  const kept = process.env.CUDA_CACHE_PATH ?? '~/.nv/ComputeCache';
  return ok('GPU', [...words, `its kernels are compiled at the first use and kept in ${kept}`].join(', '));
}

function memory({ freeMb }: GpuDevice): Finding[] {
  const growth = trainerEnvironment({ threads: 1, gpus: 1, memoryMb: 0 }).TF_FORCE_GPU_ALLOW_GROWTH === 'true';
  const value = growth ? 'taken as a training needs it (memory growth)' : 'taken whole by one training';
  if (freeMb === null || freeMb >= COMFORTABLE_FREE_MB) return [ok('GPU memory', value)];
  return [warn('GPU memory', value, `Only ${freeMb} MB are free: nvidia-smi shows who has the rest.`)];
}

function driver(smi: SmiAnswer, lacks: readonly string[]): Finding[] {
  if (smi.kind === 'absent')
    return [
      warn(
        'driver',
        'there is no nvidia-smi',
        `Install NVIDIA's driver ${OLDEST_DRIVER} or later with its tools; ${CONTAINER}.`,
      ),
    ];
  if (smi.kind === 'failed') {
    const advice = `Install or repair NVIDIA's driver (${OLDEST_DRIVER} or later), and restart the machine after an update; ${CONTAINER}.`;
    return [warn('driver', smi.message, advice)];
  }
  const [{ driver: version, capability } = { driver: '', capability: null }] = smi.devices;
  if (lacks.length > 0)
    return [warn('driver', `${version}, without ${lacks.join(' and ')}`, `Install it whole; ${CONTAINER}.`)];
  const oldest = Number(capability ?? 0) > LAST_BINARY ? DRIVER_FOR_PTX : OLDEST_DRIVER;
  return isOlder(version, oldest)
    ? [warn('driver', version, `This GPU needs driver ${oldest} or later for CUDA 12.5: update it.`)]
    : [ok('driver', version)];
}

function libraries(cuda: GpuFacts['cuda']): Finding[] {
  if (cuda === null) return [];
  const { folder, wheels, links } = cuda;
  if (wheels.length === 0 && links.length === 0)
    return [ok('CUDA', `${CUDA_WHEELS.length} NVIDIA libraries (${folder})`)];
  const named = wheels.map(({ library, project, filename }) => {
    return `${library.split('/').at(-1)} (${project} ${filename.split('-')[1]})`;
  });
  const bytes = wheels.reduce((sum, { size }) => sum + size, 0);
  const advice = `npm run setup -- --gpu gets them${bytes > 0 ? ` (a download of ${(bytes / 1e9).toFixed(1)} GB)` : ''}. Without them runs train on the processor.`;
  return [warn('CUDA', `not there: ${[...named, ...links].join(', ')}`, advice)];
}

/** Compares dotted numbers. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (const [place, number] of (b ?? []).entries()) {
    const difference = (a?.[place] ?? 0) - number;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Those of the names that neither LD_LIBRARY_PATH nor the loader's cache has; none where that cannot be known. */
async function unknownToLoader(names: readonly string[]): Promise<readonly string[]> {
  const { PATH = '', LD_LIBRARY_PATH = '' } = process.env;
  const program = findProgram('ldconfig', { PATH: [PATH, '/usr/sbin', '/sbin'].join(delimiter) });
  if (!program) return [];
  const known = new Set<string>();
  const onLine = (line: string): void => {
    known.add(line.trim().split(' ')[0] ?? '');
  };
  await runProgram(program, ['-p'], { onLine });
  const folders = LD_LIBRARY_PATH.split(delimiter).filter(Boolean);
  return names.filter((name) => !known.has(name) && !folders.some((folder) => existsSync(join(folder, name))));
}

/** Gigabytes as the rest of the report counts them. */
const gb = (mebibytes: number): string => (mebibytes / 1024).toFixed(1);

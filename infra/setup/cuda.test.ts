/** The whole way from a package index to GPU kernels that find NVIDIA's libraries, with made-up wheels under the pinned names. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { checkout } from './cache.mjs';
import { findCompiler } from './compiler.mjs';
import { cudaFolder, cudaPlace, lackingCuda } from './cuda.mjs';
import { nativeFolder, prepareNative, type Wheels } from './native.mjs';
import { createProgress } from './progress.mjs';
import { compileStandIns, OPENED_BY_TENSORFLOW, type StandIns } from './testing/stand-ins.ts';
import { type Content, openWheelIndex, type WheelIndex } from './testing/wheel-index.ts';
import { CPU_WHEELS, CUDA_WHEELS, type CudaWheel, GPU_WHEELS, type Wheel } from './wheels.mjs';

const require = createRequire(import.meta.url);
const compiler = findCompiler();

test('of an NVIDIA wheel the libraries, the assembler and its tables are taken, no headers and no Python', () => {
  expect(cudaPlace('nvidia/cudnn/lib/libcudnn.so.9')).toBe('cudnn/lib/libcudnn.so.9');
  expect(cudaPlace('nvidia/cuda_nvcc/bin/ptxas')).toBe('cuda_nvcc/bin/ptxas');
  expect(cudaPlace('nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc')).toBe('cuda_nvcc/nvvm/libdevice/libdevice.10.bc');
  for (const name of [
    ...['nvidia_cudnn_cu12-9.3.0.75.dist-info/RECORD', 'nvidia/__init__.py', 'nvidia/cudnn/lib/__init__.py'],
    ...['nvidia/cudnn/include/cudnn.h', 'nvidia/../../escape', 'nvidia/cudnn/../../escape', 'other/lib/x.so'],
  ]) {
    expect(cudaPlace(name)).toBeNull();
  }
});

test('each NVIDIA wheel has a folder of its own', () => {
  const parts = CUDA_WHEELS.map(({ library }) => library.split('/')[0]);
  expect(new Set(parts).size).toBe(CUDA_WHEELS.length);
});

describe.runIf(compiler)('the set-up for a GPU', () => {
  let index: WheelIndex;
  let wheels: Wheels;
  let cudnn: CudaWheel;

  beforeAll(async () => {
    index = await openWheelIndex();
    const standIns = compileStandIns(compiler ?? '', temporaryFolder());
    const tensorflow = (pin: Wheel | undefined) => {
      if (!pin) throw new Error(`no wheel for ${process.arch}`);
      return index.add(pin, tensorflowContent(standIns));
    };
    wheels = {
      cpu: { [process.arch]: await tensorflow(CPU_WHEELS[process.arch]) },
      gpu: { [process.arch]: await tensorflow(GPU_WHEELS.x64) },
      cuda: await Promise.all(CUDA_WHEELS.map((pin) => index.add(pin, nvidiaContent(pin, standIns)))),
    };
    const found = wheels.cuda.find(({ project }) => project === 'nvidia-cudnn-cu12');
    if (!found) throw new Error('no cuDNN among the wheels');
    cudnn = found;
  });

  afterAll(() => index.close());
  afterEach(() => {
    vi.unstubAllEnvs();
    index.asked.splice(0);
  });

  const names = () => index.asked.map(({ filename }) => filename);
  const prepare = (cache: string, options: { gpu?: '0' | '1'; pins?: Wheels; note?: (text: string) => void } = {}) => {
    const { gpu = '1', pins = wheels, note = () => {} } = options;
    vi.stubEnv('GANWAY_GPU', gpu);
    vi.stubEnv('GANWAY_PYPI_INDEX', index.url);
    const progress = { ...createProgress({ quiet: true }), note };
    return prepareNative({ checkout, cache, progress, executor: 'capi', wheels: pins });
  };

  test('takes the pinned wheels and no others, and the libraries find each other where it puts them', async () => {
    const cache = temporaryFolder();
    const folder = await prepare(cache);
    expect(folder).toBe(nativeFolder(cache, true));
    expect(names().toSorted()).toEqual([...CUDA_WHEELS, GPU_WHEELS.x64].map((wheel) => wheel?.filename).toSorted());
    const koffi = require('koffi');
    const problemOf = (path: string) => koffi.load(path).func('const char* problem(const char*)');
    const tensorflow = problemOf(join(folder, 'libtensorflow_framework.so.2'));
    for (const library of OPENED_BY_TENSORFLOW) expect(tensorflow(library)).toBe('');
    expect(problemOf(join(cudaFolder(cache), cudnn.library))('libnvrtc.so.12')).toBe('');
    expect(tensorflow('libnotthere.so.1')).toMatch(/libnotthere/);
    // XLA looks for its assembler beside the library that holds it.
    expect(statSync(join(folder, '../nvidia/cuda_nvcc/bin/ptxas')).mode & 0o111).toBe(0o111);
  });

  test('leaves nothing but libraries, and asks for nothing the second time', async () => {
    const cache = temporaryFolder();
    const folder = await prepare(cache);
    expect(readdirSync(folder).toSorted()).toEqual([
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
      'stamp.json',
    ]);
    expect(readdirSync(join(cache, 'downloads'))).toEqual([]);
    expect(leftovers(cache)).toEqual([]);
    index.asked.splice(0);
    expect(await prepare(cache)).toBe(folder);
    expect(names()).toEqual([]);
  });

  test('makes a lost link and a damaged library again, and only those', async () => {
    const cache = temporaryFolder();
    await prepare(cache);
    index.asked.splice(0);
    const link = join(cudaFolder(cache), 'cublas/lib/libcusolver.so.11');
    rmSync(link);
    await prepare(cache);
    expect(existsSync(link)).toBe(true);
    expect(names()).toEqual([]);
    writeFileSync(join(cudaFolder(cache), cudnn.library), 'cut short');
    expect(lackingCuda(cache, wheels.cuda)).toEqual([cudnn]);
    await prepare(cache);
    expect(names()).toEqual([cudnn.filename]);
    expect(lackingCuda(cache, wheels.cuda)).toEqual([]);
  });

  test('keeps the libraries of the processor and those of the GPU side by side', async () => {
    const cache = temporaryFolder();
    const cpu = await prepare(cache, { gpu: '0' });
    expect(cpu).toBe(nativeFolder(cache, false));
    expect(names()).toEqual([CPU_WHEELS[process.arch]?.filename]);
    const gpu = await prepare(cache);
    expect(gpu).not.toBe(cpu);
    index.asked.splice(0);
    expect(await prepare(cache, { gpu: '0' })).toBe(cpu);
    expect(await prepare(cache)).toBe(gpu);
    expect(names()).toEqual([]);
  });

  test('goes on in the middle of a wheel whose download broke', async () => {
    index.breakOnce(cudnn.filename, 1000);
    await prepare(temporaryFolder());
    const ranges = index.asked.filter(({ filename }) => filename === cudnn.filename).map(({ range }) => range);
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
  });

  test('refuses a wheel that is not the pinned one, keeps what was good, and goes on there', async () => {
    const cache = temporaryFolder();
    // What a set-up that was killed while it unpacked left behind.
    mkdirSync(join(cudaFolder(cache), 'cublas.new/lib'), { recursive: true });
    index.damage(cudnn.filename, true);
    await expect(prepare(cache)).rejects.toThrow(
      new RegExp(
        `${cudnn.filename} is not the file that Ganway expects \\(sha256 .*, expected ${cudnn.sha256}\\); it was thrown away.*GANWAY_PYPI_INDEX`,
      ),
    );
    expect(readdirSync(join(cache, 'downloads'))).toEqual([]);
    expect(leftovers(cache)).toEqual([]);
    expect(existsSync(join(cudaFolder(cache), 'cudnn'))).toBe(false);
    expect(existsSync(nativeFolder(cache, true))).toBe(false);
    const before = names();
    const rest = CUDA_WHEELS.slice(CUDA_WHEELS.findIndex(({ filename }) => filename === cudnn.filename));
    expect(before.at(-1)).toBe(cudnn.filename);
    index.damage(cudnn.filename, false);
    index.asked.splice(0);
    await prepare(cache);
    expect(names()).toEqual([...rest, GPU_WHEELS.x64].map((wheel) => wheel?.filename));
  });

  test('says before it downloads anything that the disk is too small for all of it', async () => {
    const cache = temporaryFolder();
    const gpu = wheels.gpu[process.arch];
    if (!gpu) throw new Error('no GPU wheel');
    const pins = { ...wheels, gpu: { [process.arch]: { ...gpu, unpacked: 1e18 } } };
    await expect(prepare(cache, { pins })).rejects.toThrow(
      /has [\d.]+ GB free, and TensorFlow needs 1000000000\.\d GB\. Free some space, or set GANWAY_CACHE/,
    );
    expect(names()).toEqual([]);
  });

  test('fetches each wheel once when two commands want it at the same time', async () => {
    const cache = temporaryFolder();
    const [one, other] = await Promise.all([prepare(cache), prepare(cache)]);
    expect(other).toBe(one);
    expect(names().length).toBe(CUDA_WHEELS.length + 1);
  });

  test('says that it is not for this architecture, and prepares the processor', async () => {
    const notes: string[] = [];
    const cache = temporaryFolder();
    const folder = await prepare(cache, { pins: { ...wheels, gpu: {} }, note: (text) => notes.push(text) });
    expect(folder).toBe(nativeFolder(cache, false));
    expect(notes).toEqual([expect.stringContaining(`no GPU kernels for ${process.arch}`)]);
  });

  test('is one command, which needs no GPU, and says in a sentence what it cannot do', () => {
    const command = (...args: string[]) =>
      spawnSync(process.execPath, [join(checkout, 'infra/setup/setup.mjs'), ...args], {
        env: { ...process.env, GANWAY_CACHE: temporaryFolder(), GANWAY_PYPI_INDEX: 'http://127.0.0.1:1/simple' },
        encoding: 'utf8',
      });
    const { status, stderr } = command('--gpu');
    expect(status).toBe(1);
    expect(stderr).toMatch(process.arch in GPU_WHEELS ? /^CUDA …$/m : /no GPU kernels/);
    expect(stderr).toMatch(
      /^ganway: (A connection was refused\. Is this machine online|The disk of .* has .* GB free)/m,
    );
    expect(command('--fpga').stderr).toMatch(/^ganway: The set-up knows --gpu and --cpu/);
  });
});

/** The libraries, a header of each kind, and what else a wheel of TensorFlow is full of. */
function tensorflowContent({ tensorflow }: StandIns): Content {
  const libraries = Object.entries(tensorflow).map(([name, bytes]) => [`tensorflow/${name}`, bytes]);
  return {
    ...Object.fromEntries(libraries),
    'tensorflow/include/tensorflow/c/c_api.h': Buffer.from('// declared here\n'),
    'tensorflow/python/__init__.py': Buffer.from('import this\n'),
  };
}

function nvidiaContent({ library }: CudaWheel, { nvidia }: StandIns): Content {
  const part = library.split('/')[0];
  const own = Object.entries(nvidia).filter(([path]) => path.startsWith(`nvidia/${part}/`));
  return {
    'nvidia/__init__.py': Buffer.alloc(0),
    [`nvidia/${part}/include/${part}.h`]: Buffer.from('// declared here\n'),
    ...(own.length > 0 ? Object.fromEntries(own) : { [`nvidia/${library}`]: Buffer.from('an assembler') }),
  };
}

/** Folders and files that a set-up works in. */
function leftovers(cache: string): string[] {
  const paths = readdirSync(cache, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => /\.(new|old|part|lock)($|\/)/.test(path));
}

/** What this machine offers Ganway, line by line, with what to do about each; changes nothing. */
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, runBenchmark } from './benchmark.ts';
import { cacheFolder } from './cache.mjs';
import { findProgram, runProgram } from './command.mjs';
import { compilerHint, findCompiler } from './compiler.mjs';
import { wantedExecutor } from './executor.mjs';
import { type Finding, missing, ok, warn } from './finding.ts';
import { hasGpu, wantsGpu } from './gpu.mjs';
import { gpuFindings } from './gpu-findings.ts';
import { nativeFolder } from './native.mjs';
import { checkNode } from './node-version.mjs';
import { explain } from './setup-error.mjs';
import { endpointOf, findMinio } from './storage.mjs';

export interface Report {
  /** Null where there is no TensorFlow to train on. */
  readonly benchmark: Benchmark | null;
  /** False when something that `npm start` cannot do without, or get by itself, is missing. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Room that the set-up takes from nothing: packages, wheel, libraries, MinIO and Go's caches. */
const ROOM_GB = 5;
/** With the GPU's kernels and NVIDIA's libraries. */
const GPU_ROOM_GB = 9;
const ROOM_TO_RUN_GB = 1;
const MEMORY_GB = 4;

/** How long the benchmark trains. */
const BENCHMARK_SECONDS = 5;

/** Looks at everything that the set-up and a training need, and trains for `seconds`. The looking takes half a second. */
export async function doctor({ seconds = BENCHMARK_SECONDS } = {}): Promise<Report> {
  const cache = cacheOrProblem();
  const native = cache.status === 'ok' ? preparedFolder(cache.value) : null;
  const findings = [
    node(),
    await npm(),
    system(),
    processor(),
    memory(),
    cache,
    ...(cache.status === 'ok' ? [disk(cache.value), tensorflow(native)] : []),
    compiler(),
    ...executorProblem(),
    ...(await gpuFindings(cache.status === 'ok' ? cache.value : null)),
    ...(await storage(cache.status === 'ok' ? cache.value : null)),
  ];
  const found = native === null ? null : await benchmark(native.folder, seconds);
  if (found !== null) findings.push(found.finding);
  const ready = findings.every(({ status }) => status !== 'missing');
  return { ok: ready, benchmark: found?.benchmark ?? null, findings };
}

/** The report as text, one finding a line, its advice below. */
export function formatReport({ findings }: Report): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const marks = { ok: 'ok     ', warn: 'warn   ', missing: 'missing' } as const;
  return findings
    .map(({ name, status, value, advice }) => {
      const line = `${marks[status]}  ${name.padEnd(width)}  ${value}`;
      return advice === null ? line : `${line}\n${' '.repeat(width + 11)}${advice}`;
    })
    .join('\n');
}

function node(): Finding {
  const value = `${process.versions.node} (${process.execPath})`;
  try {
    checkNode();
    return ok('Node', value);
  } catch (error) {
    return missing('Node', value, explain(error));
  }
}

async function npm(): Promise<Finding> {
  const path = findProgram('npm');
  if (!path) return missing('npm', 'not on PATH', 'It comes with Node: https://nodejs.org/en/download');
  const { tail } = await runProgram(path, ['--version']);
  return ok('npm', tail.split('\n').at(-1) ?? '');
}

function system(): Finding {
  const value = `${platform()} ${release()} ${arch()}`;
  return platform() === 'linux' && (arch() === 'x64' || arch() === 'arm64')
    ? ok('system', value)
    : missing(
        'system',
        value,
        'Native TensorFlow is pinned for Linux on x64 and arm64: use WSL on Windows, a Linux container on a Mac.',
      );
}

function processor(): Finding {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const flags = cpuFlags();
  const vector = ['avx', 'avx2', 'avx512f', 'amx_tile'].filter((flag) => flags.has(flag));
  const value = `${model}, ${availableParallelism()} threads${vector.length > 0 ? `, ${vector.join(' ')}` : ''}`;
  return arch() === 'x64' && flags.size > 0 && !flags.has('avx')
    ? missing(
        'processor',
        value,
        'TensorFlow needs AVX instructions; a virtual machine may hide them (set its processor type to "host").',
      )
    : ok('processor', value);
}

function cpuFlags(): Set<string> {
  try {
    return new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(' '));
  } catch {
    return new Set();
  }
}

function memory(): Finding {
  const total = totalmem() / 2 ** 30;
  const value = `${total.toFixed(1)} GB, ${(freemem() / 2 ** 30).toFixed(1)} GB free`;
  return total < MEMORY_GB
    ? warn(
        'memory',
        value,
        `A run of 64×64 images takes up to 2 GB, the rest of Ganway 1 GB; ${MEMORY_GB} GB are comfortable.`,
      )
    : ok('memory', value);
}

function cacheOrProblem(): Finding {
  try {
    return ok('cache', cacheFolder());
  } catch (error) {
    return missing('cache', 'none', explain(error));
  }
}

function disk(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / 1e9;
  const value = `${free.toFixed(1)} GB free at the cache`;
  const needed = existsSync(join(nativeFolder(folder), 'stamp.json'))
    ? ROOM_TO_RUN_GB
    : wantsGpu()
      ? GPU_ROOM_GB
      : ROOM_GB;
  return free < needed ? warn('disk', value, `Free some space: ${needed} GB are needed.`) : ok('disk', value);
}

function compiler(): Finding {
  const path = findCompiler();
  if (path) return ok('compiler', path);
  if (forcedExecutor() === 'tensorflow')
    return missing('compiler', 'none', `GANWAY_EXECUTOR=tensorflow needs one, once: ${compilerHint()}`);
  return ok('compiler', 'none, and none is needed: TensorFlow is called from JavaScript (capi)');
}

/** What GANWAY_EXECUTOR says, where that is an executor. */
function forcedExecutor(): 'tensorflow' | 'capi' | null {
  return executorProblem().length > 0 ? null : wantedExecutor();
}

function executorProblem(): Finding[] {
  try {
    wantedExecutor();
    return [];
  } catch (error) {
    return [missing('executor', process.env.GANWAY_EXECUTOR ?? '', explain(error))];
  }
}

interface Prepared {
  readonly folder: string;
  readonly version: string;
  /** How trainings will call it. */
  readonly executor: string;
}

function preparedFolder(cache: string): Prepared | null {
  const folder = nativeFolder(cache);
  try {
    const stamp = JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8')) as {
      tensorflow: string;
      files: Record<string, number>;
    };
    const compiled = 'tfjs_binding.node' in stamp.files;
    return { folder, version: stamp.tensorflow, executor: forcedExecutor() ?? (compiled ? 'tensorflow' : 'capi') };
  } catch {
    return null;
  }
}

function tensorflow(native: Prepared | null): Finding {
  return native === null
    ? warn('TensorFlow', 'not prepared', 'npm start downloads it (274 MB) and, with a compiler, makes its addon.')
    : ok('TensorFlow', `${native.version}, executor ${native.executor} (${native.folder})`);
}

async function benchmark(folder: string, seconds: number): Promise<{ finding: Finding; benchmark: Benchmark | null }> {
  const gpus = hasGpu() && wantsGpu() ? 1 : 0;
  const found = await runBenchmark(folder, { executor: forcedExecutor(), seconds, gpus });
  if (typeof found === 'string') {
    const advice = `Remove ${folder} and run npm start, which prepares it again.`;
    return { finding: missing('benchmark', `TensorFlow does not train: ${found}`, advice), benchmark: null };
  }
  const { preset, size, stepsPerSecond, imagesPerSecond, device, threads, instructionSet } = found;
  const speed = `${stepsPerSecond.toFixed(1)} steps/s, ${imagesPerSecond.toFixed(0)} images/s`;
  const where = `${device}, ${threads} threads, ${instructionSet}`;
  const value = `${preset} ${size}×${size}: ${speed} on ${where}`;
  const overlooked = gpus > 0 && !device.startsWith('gpu');
  const finding = overlooked
    ? warn('benchmark', value, 'TensorFlow sees no GPU: the lines on GPU, driver and CUDA say why.')
    : ok('benchmark', value);
  return { finding, benchmark: found };
}

async function storage(cache: string | null): Promise<Finding[]> {
  const go = findProgram('go');
  const goFinding = go
    ? ok('Go', (await runProgram(go, ['version'])).tail)
    : warn('Go', 'none', 'Only needed to build MinIO, once: https://go.dev/dl');
  try {
    const external = endpointOf(process.env);
    if (external) return [ok('storage', `${external.endpoint}, bucket ${external.bucket} (GANWAY_S3_ENDPOINT)`)];
  } catch (error) {
    return [missing('storage', 'GANWAY_S3_ENDPOINT', explain(error))];
  }
  const notes: string[] = [];
  const minio = cache === null ? null : await findMinio(cache, { note: (text) => notes.push(text) });
  if (minio) return [ok('storage', `${await minioVersion(minio)} (${minio})`)];
  const otherwise = go
    ? 'npm start builds it from source in about four minutes.'
    : 'The embedded store is used instead; for MinIO install Go 1.21 or later.';
  return [warn('storage', 'no MinIO', [...notes, otherwise].join(' ')), goFinding];
}

async function minioVersion(path: string): Promise<string> {
  const { tail } = await runProgram(path, ['--version']);
  return /version (\S+)/.exec(tail)?.[1]?.replace(/^/, 'MinIO ') ?? 'MinIO';
}

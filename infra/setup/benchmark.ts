/** Runs the benchmark of a machine's TensorFlow in a process of its own, started as a trainer is; computes nothing. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { trainerEnvironment } from '../../batch/protocol/environment.ts';
import { runProgram } from './command.mjs';

const ENTRY = fileURLToPath(new URL('../../batch/benchmark/main.ts', import.meta.url));

/** What batch/benchmark prints. */
export interface Benchmark {
  readonly executor: string;
  readonly library: string;
  readonly device: string;
  readonly instructionSet: string;
  readonly threads: number;
  readonly preset: string;
  /** Pixels of a side. */
  readonly size: number;
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly imagesPerSecond: number;
  /** Median milliseconds of a step. */
  readonly p50Ms: number;
}

/** Trains for so many seconds on all threads. Resolves to what the process said last where it failed. */
export async function runBenchmark(
  nativeDir: string,
  { executor, seconds, gpus }: { readonly executor: string | null; readonly seconds: number; readonly gpus: number },
): Promise<Benchmark | string> {
  const threads = availableParallelism();
  const words = [nativeDir, String(threads), String(seconds), ...(executor ? [executor] : [])];
  const args = ['--import', import.meta.resolve('tsx'), ENTRY, ...words];
  const env = { ...process.env, ...trainerEnvironment({ threads, gpus, memoryMb: 0 }) };
  let answer: string | undefined;
  const onLine = (line: string): void => {
    if (line.startsWith('{')) answer = line;
  };
  const { ok, how, tail } = await runProgram(process.execPath, args, { env, onLine });
  return ok && answer !== undefined ? (JSON.parse(answer) as Benchmark) : `${how}: ${tail}`;
}

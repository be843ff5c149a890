/** What the verbs of metrics share: files as samples, numbers as options, errors as exit codes; knows no verb. */
import { tmpdir } from 'node:os';
import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import type { OpenOptions } from '../engine/executors/open.ts';
import { MetricError, type MetricErrorCode } from './errors.ts';
import type { Native } from './extractor/extractor.ts';
import { readArray } from './read-array.ts';
import { type Samples, toLabels } from './samples.ts';

/** What a verb that computes on TensorFlow asks of whoever starts it, before the library is loaded. */
export interface Compute {
  readonly prepareCompute: (threads: number) => Promise<Pick<OpenOptions, 'nativeDir' | 'executor'>>;
}

/** 0, 2 where the command line or a file is wrong, 4 where there is no such file, as all verbs do. */
export type ExitCode = 0 | 2 | 4;

const EXIT_CODES: Readonly<Record<MetricErrorCode, ExitCode>> = {
  NOT_FOUND: 4,
  NOT_AN_ARRAY: 2,
  NOT_AN_EXTRACTOR: 2,
  MISFIT: 2,
  TOO_FEW: 2,
};

/** Threads by default: the number decides about the last bits of an extractor and so about its name, hence it is no machine's. */
export const THREADS = 2;

/** Runs a verb and returns its exit code; what a user did wrong is said in one line. */
export async function runVerb(program: Command, argv: readonly string[]): Promise<ExitCode> {
  try {
    await program
      .showHelpAfterError(`(${program.name()} --help tells more)`)
      .exitOverride()
      .parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof MetricError)) throw error;
    console.error(`ganway: ${error.message}`);
    return EXIT_CODES[error.code];
  }
}

/** @param name what a message calls them, e.g. `--real` */
export async function readSamples(name: string, path: string, labels?: string): Promise<Samples> {
  const array = await readArray(path);
  return { name, array, labels: labels === undefined ? null : toLabels(`${name}-labels`, await readArray(labels)) };
}

export async function nativeOf({ prepareCompute }: Compute, threads: number): Promise<Native> {
  return { ...(await prepareCompute(threads)), workDir: tmpdir() };
}

export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    }
    return value;
  };
}

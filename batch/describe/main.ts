/** The verb `ganway describe`: words to a spec, its counts to standard output; counts nothing itself. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { Issue } from '../../graph/spec/issues.ts';
import { describeTraining } from '../models/describe.ts';
import { imaginedTraining } from '../models/imagined.ts';
import { formatDescription } from './format.ts';

interface Options {
  readonly size: number;
  readonly channels: 1 | 3;
  readonly batch?: number;
  readonly images: number;
  readonly classes?: number;
  readonly json?: boolean;
}

/** Runs the verb and returns its exit code: 0, or 2 where the command line is wrong, as all verbs do. */
export function main(argv: readonly string[]): 0 | 2 {
  let exitCode: 0 | 2 = 0;
  const program = new Command('ganway describe')
    .description('Show what a preset is made of and what training it costs: layers, parameters, FLOPs, memory.')
    .argument('<preset>', 'e.g. r3gan')
    .option('--size <pixels>', 'width and height of the images', positive, 64)
    .option('--channels <n>', '1: grey, 3: colour', channels, 3)
    .option('--batch <n>', 'images of a step, default that of the preset', positive)
    .option('--images <n>', 'images of the data set, which lies in memory', positive, 10_000)
    .option('--classes <n>', 'classes that the images are labelled with, default none', positive)
    .option('--json', 'print one line of JSON, for scripts')
    .showHelpAfterError('(ganway describe --help tells more)')
    .exitOverride()
    .action((preset: string, options: Options) => {
      const { size, channels, images, classes = 0, batch } = options;
      const resolved = imaginedTraining({ preset, size, channels, images, classes, batchSize: batch ?? null });
      if (resolved.kind === 'invalid') exitCode = refuse(resolved.issues);
      else {
        const { spec } = resolved;
        const count = describeTraining(spec);
        console.log(options.json ? JSON.stringify({ spec, ...count }) : formatDescription(spec, count));
      }
    });
  try {
    program.parse([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

function refuse(issues: readonly Issue[]): 2 {
  for (const { message } of issues) console.error(`ganway: ${message}`);
  return 2;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function channels(text: string): 1 | 3 {
  if (text !== '1' && text !== '3') throw new InvalidArgumentError('It must be 1 or 3.');
  return text === '1' ? 1 : 3;
}

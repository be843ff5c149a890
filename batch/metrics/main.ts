/** The verb `ganway metric`: files to a score, printed; computes nothing itself. */
import { Argument, Command, CommanderError, InvalidArgumentError } from 'commander';
import { type MetricName, metricNames } from './catalogue.ts';
import { MetricError, type MetricErrorCode } from './errors.ts';
import { formatScore, scoreAsJson } from './format.ts';
import { readArray } from './read-array.ts';
import { type Samples, toLabels } from './samples.ts';
import { scoreOf } from './score.ts';

interface Options {
  readonly real: string;
  readonly fake: string;
  readonly realLabels?: string;
  readonly fakeLabels?: string;
  readonly heldOut?: string;
  readonly k?: number;
  readonly subsets: number;
  readonly subsetSize: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** 0, 2 where the command line or an array is wrong, 4 where there is no such file, as all verbs do. */
type ExitCode = 0 | 2 | 4;

const EXIT_CODES: Readonly<Record<MetricErrorCode, ExitCode>> = {
  NOT_FOUND: 4,
  NOT_AN_ARRAY: 2,
  MISFIT: 2,
  TOO_FEW: 2,
};

/** Runs the verb and returns its exit code. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const program = new Command('ganway metric')
    .description('Measure generated samples against real ones, beside what real ones reach against real ones.')
    .addArgument(new Argument('<name>', 'of the metric').choices(metricNames))
    .requiredOption(
      '--real <file>',
      '.npy of features [n, d] or uint8 images [n, h, w, c]; for copying the training set',
    )
    .requiredOption('--fake <file>', '.npy of as many features, or images of the same size')
    .option('--real-labels <file>', '.npy of one class a sample, for cas')
    .option('--fake-labels <file>', '.npy of one class a sample, for cas')
    .option('--held-out <file>', '.npy of reals that were not trained on, for memorisation and copying')
    .option('--k <n>', 'neighbours, default 3 for precision and recall, 5 for density and coverage', wholeFrom(1))
    .option('--subsets <n>', 'pairs of subsets, for kid', wholeFrom(1), 100)
    .option('--subset-size <n>', 'samples of a subset at most, for kid and swd', wholeFrom(2), 1000)
    .option('--seed <n>', 'of subsets, directions and halves', wholeFrom(0), 0)
    .option('--json', 'print one line of JSON, for scripts')
    .showHelpAfterError('(ganway metric --help tells more)')
    .exitOverride()
    .action(async (name: MetricName, options: Options) => {
      const [real, fake] = await Promise.all([
        readSamples('--real', options.real, options.realLabels),
        readSamples('--fake', options.fake, options.fakeLabels),
      ]);
      const { k = null, subsets, subsetSize, seed } = options;
      const heldOut = options.heldOut === undefined ? null : await readSamples('--held-out', options.heldOut);
      const score = scoreOf(name, real, fake, { k, subsets, subsetSize, seed, heldOut });
      console.log(options.json ? scoreAsJson(score) : formatScore(score));
    });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof MetricError)) throw error;
    console.error(`ganway: ${error.message}`);
    return EXIT_CODES[error.code];
  }
}

async function readSamples(name: string, path: string, labels?: string): Promise<Samples> {
  const array = await readArray(path);
  return { name, array, labels: labels === undefined ? null : toLabels(`${name}-labels`, await readArray(labels)) };
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    }
    return value;
  };
}

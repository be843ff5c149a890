/** The verb `ganway metric`: files to a score, printed; computes nothing itself. */
import { Argument, Command } from 'commander';
import { type MetricName, metricNames } from './catalogue.ts';
import { type Compute, type ExitCode, nativeOf, readSamples, runVerb, THREADS, wholeFrom } from './command.ts';
import { type OpenExtractor, openExtractor } from './extractor/extractor.ts';
import { classifySamples, extractSamples } from './extractor/samples.ts';
import { formatScore, scoreAsJson } from './format.ts';
import { readBytes } from './read-array.ts';
import type { Samples } from './samples.ts';
import { scoreOf } from './score.ts';

interface Options {
  readonly real: string;
  readonly fake: string;
  readonly realLabels?: string;
  readonly fakeLabels?: string;
  readonly heldOut?: string;
  readonly extractor?: string;
  readonly k?: number;
  readonly subsets: number;
  readonly subsetSize: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Runs the verb and returns its exit code. */
export function main(argv: readonly string[], compute: Compute): Promise<ExitCode> {
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
    .option('--extractor <file>', 'takes features of images, as "ganway extractor" made it')
    .option('--k <n>', 'neighbours, default 3 for precision and recall, 5 for density and coverage', wholeFrom(1))
    .option('--subsets <n>', 'pairs of subsets, for kid', wholeFrom(1), 100)
    .option('--subset-size <n>', 'samples of a subset at most, for kid and swd', wholeFrom(2), 1000)
    .option('--seed <n>', 'of subsets, directions and halves', wholeFrom(0), 0)
    .option('--json', 'print one line of JSON, for scripts')
    .action(async (name: MetricName, options: Options) => {
      const { k = null, subsets, subsetSize, seed } = options;
      const [real, fake, heldOut] = await Promise.all([
        readSamples('--real', options.real, options.realLabels),
        readSamples('--fake', options.fake, options.fakeLabels),
        options.heldOut === undefined ? null : readSamples('--held-out', options.heldOut),
      ]);
      const seen = await extracted(name, { real, fake, heldOut }, options.extractor, compute);
      const score = scoreOf(name, seen.real, seen.fake, { k, subsets, subsetSize, seed, heldOut: seen.heldOut });
      console.log(options.json ? scoreAsJson(score) : formatScore(score));
    });
  return runVerb(program, argv);
}

interface Given {
  readonly real: Samples;
  readonly fake: Samples;
  readonly heldOut: Samples | null;
}

/** What the metric sees of samples: features, for modes the digits, or themselves where there is no extractor. */
async function extracted(name: MetricName, given: Given, path: string | undefined, compute: Compute): Promise<Given> {
  if (path === undefined) return given;
  const extractor: OpenExtractor = openExtractor(await readBytes(path), await nativeOf(compute, THREADS));
  try {
    const see = (samples: Samples) => (name === 'modes' ? classifySamples : extractSamples)(extractor, samples);
    return { real: see(given.real), fake: see(given.fake), heldOut: given.heldOut && see(given.heldOut) };
  } finally {
    extractor.close();
  }
}

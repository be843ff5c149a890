/** The verb `ganway extractor`: images to a file that metrics see images with; trains nothing itself. */
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type Compute, type ExitCode, nativeOf, readSamples, runVerb, THREADS, wholeFrom } from '../command.ts';
import { labelsOf, requireAlike } from '../samples.ts';
import { openExtractor, trainExtractor } from './extractor.ts';
import { pixelsOf } from './samples.ts';

interface Options {
  readonly images: string;
  readonly imagesLabels?: string;
  readonly test?: string;
  readonly testLabels?: string;
  readonly output: string;
  readonly steps: number;
  readonly seed: number;
  readonly threads: number;
  readonly json?: boolean;
}

/** Runs the verb and returns its exit code. */
export function main(argv: readonly string[], compute: Compute): Promise<ExitCode> {
  const program = new Command('ganway extractor')
    .description(
      'Train a small network on images, by their labels or by telling how they were turned, whose features metrics compare.',
    )
    .requiredOption('--images <file>', '.npy of real uint8 images [n, h, w, c]')
    .option('--images-labels <file>', '.npy of one class an image; without it, images are turned by quarters')
    .option('--test <file>', '.npy of other real images, to say how many of them it tells')
    .option('--test-labels <file>', '.npy of one class a test image')
    .requiredOption('-o, --output <file>', 'where to write it, as safetensors')
    .option('--steps <n>', 'of 64 images', wholeFrom(1), 1600)
    .option('--seed <n>', 'of weights, order and shifts', wholeFrom(0), 0)
    .option('--threads <n>', 'of the processor; they are part of what decides the name', wholeFrom(1), THREADS)
    .option('--json', 'print one line of JSON, for scripts')
    .action(async ({ output, steps, seed, threads, json, ...files }: Options) => {
      const images = await readSamples('--images', files.images, files.imagesLabels);
      const test = files.test === undefined ? null : await readSamples('--test', files.test, files.testLabels);
      requireAlike(test ? [images, test] : [images]);
      const labels = test && labelsOf(test);
      const native = await nativeOf(compute, threads);
      const { name, file } = trainExtractor(pixelsOf(images), images.labels, { seed, steps }, native);
      await writeFile(output, file);
      let accuracy: number | null = null;
      if (test && labels) {
        const extractor = openExtractor(file, native);
        const { classes } = extractor.extract(pixelsOf(test));
        extractor.close();
        accuracy = classes.filter((found, row) => found === labels[row]).length / classes.length;
      }
      const told = accuracy === null ? '' : `, tells ${(100 * accuracy).toFixed(2)} % of the test images`;
      console.log(json ? JSON.stringify({ name, file: output, steps, seed, accuracy }) : `${name} in ${output}${told}`);
    });
  return runVerb(program, argv);
}

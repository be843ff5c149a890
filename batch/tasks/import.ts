/** The IMPORT task: uploads of a work folder become a data set in its spool; knows no storage and no TensorFlow. */
import { join } from 'node:path';
import type { ImportSpec } from '../../graph/spec/spec.ts';
import { type Built, buildDataset } from '../data/build.ts';
import { WORK } from '../protocol.ts';
import { TrainerFailure } from '../trainer/failure.ts';
import type { WorkFolder } from '../trainer/work-folder.ts';

/** Folder in the spool that holds the result. */
const RESULT = 'dataset-imported';
const SCRATCH = 'scratch';
const PROGRESS_MS = 250;
/** Reasons that the message of a failed import repeats. */
const EXAMPLES = 3;

/**
 * Reads the uploads that the spec names, says `progress`, and at last `dataset` where the import was not stopped before.
 * Every file left out is a line on stdout and an entry of the manifest.
 *
 * @throws TrainerFailure IMPORT_FAILED where no image is usable, BAD_SPEC where the run is no import
 */
export async function runImport(work: WorkFolder): Promise<void> {
  const { spec } = work.file;
  if (spec.task !== 'IMPORT') throw new TrainerFailure('BAD_SPEC', `A ${spec.task} run is no import.`);
  const built = await buildDataset({
    uploads: spec.uploads.map(({ id, name }) => ({ path: join(work.path, WORK.uploads, id), name })),
    id: spec.dataset.id,
    name: spec.dataset.name,
    size: spec.size,
    folder: work.spool.path(RESULT),
    scratch: join(work.path, SCRATCH),
    threads: spec.resources.threads,
    signal: work.stop,
    onSkipped: ({ name, reason }) => console.log(`skipped ${name}: ${reason}`),
    onProgress: throttled((fraction) => work.spool.say({ type: 'progress', at: now(), fraction })),
  });
  conclude(built, spec);
  if (built.kind === 'built') work.spool.say({ type: 'dataset', at: now(), folder: RESULT });
}

/** Tells the log what came of it. Throws where nothing did. */
function conclude(built: Built, spec: ImportSpec): void {
  if (built.kind === 'empty') throw new TrainerFailure('IMPORT_FAILED', emptySentence(built, spec));
  if (built.kind === 'aborted') {
    console.log('import stopped before it was complete; nothing is kept');
    return;
  }
  const { images, width, height, channels, classes, source } = built.manifest;
  const colour = channels === 1 ? 'grey' : 'colour';
  const labels = classes.length === 0 ? 'no classes' : `${classes.length} classes`;
  console.log(
    `imported ${images} images as ${width}×${height} ${colour}, ${labels}; ` +
      `${source.skippedTotal} files skipped, ${built.duplicates} images occur more than once`,
  );
}

function emptySentence({ skipped, skippedTotal }: Built & { readonly kind: 'empty' }, spec: ImportSpec): string {
  const from = spec.uploads.map(({ name }) => name).join(', ');
  if (skippedTotal === 0) return `There are no files in ${from}.`;
  const reasons = skipped.slice(0, EXAMPLES).map(({ name, reason }) => `${name}: ${reason}`);
  const more = skippedTotal > reasons.length ? ' The log of the run lists all files.' : '';
  const files = skippedTotal === 1 ? 'The only file' : `Each of the ${skippedTotal} files`;
  return `No usable image in ${from}. ${files} was skipped. ${reasons.join(' ')}${more}`;
}

/** Passes on at most one value every {@link PROGRESS_MS}, and the last one. */
function throttled(say: (fraction: number) => void): (fraction: number) => Promise<void> {
  let last = 0;
  return async (fraction) => {
    const time = performance.now();
    if (fraction < 1 && time - last < PROGRESS_MS) return;
    last = time;
    say(fraction);
  };
}

const now = (): string => new Date().toISOString();

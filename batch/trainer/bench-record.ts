/**
 * Entry for measuring what recording costs: trains the spec of a work folder for so many seconds with one recorder,
 * `bench-record.ts <work folder> <native folder> <spool|null> <seconds>`, and prints `{images, seconds}` as JSON. Start
 * it with the variables of {@link trainerEnvironment}; alternate the two recorders, because machines drift.
 */
import { canonicalSha256 } from './hash.ts';
import { openTraining } from './open-training.ts';
import { nullRecorder, type Recorder, spoolRecorder } from './recorder.ts';
import { openSpool } from './spool.ts';
import { train } from './train.ts';
import { openWorkFolder } from './work-folder.ts';

const [path = '.', nativeDir = '.', kind = 'null', seconds = '60'] = process.argv.slice(2);
const stop = new AbortController();
const spool = openSpool(path);
const work = openWorkFolder(path, spool, stop.signal);
const { spec } = work.file;
if (spec.task !== 'TRAIN') throw new TypeError(`A ${spec.task} has no training to measure.`);
const training = await openTraining(work, spec, nativeDir);
const { columns, rows } = spec.snapshots;
const origin = { runId: work.file.runId, attempt: 1, specSha256: canonicalSha256(spec), numerics: training.numerics };
const recorder = kind === 'spool' ? spoolRecorder(spool, { columns, rows, origin }) : nullRecorder;

/** The first row begins the measurement, the last one ends it: both kinds are told of the same rows. */
let first: { readonly at: number; readonly images: number } | null = null;
let last = { at: 0, images: 0 };
const counted: Recorder = {
  ...recorder,
  metrics: (host, values) => {
    last = { at: performance.now(), images: host.images };
    first ??= last;
    return recorder.metrics(host, values);
  },
};
setTimeout(() => stop.abort('ORPHANED'), Number(seconds) * 1000);
await train(spec, training, { resumeFrom: null, recorder: counted, stop: stop.signal });
await recorder.done();
const begin = first ?? last;
console.log(JSON.stringify({ images: last.images - begin.images, seconds: (last.at - begin.at) / 1000 }));
process.exit(0);

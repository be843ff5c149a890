/**
 * Entry of a training that nothing is recorded of, `unrecorded.ts <work folder> <folder of the native TensorFlow>`: the
 * same loop on the same session with the null recorder, which prints its rates, a line of JSON a tick. What
 * recording costs is measured against it.
 */
import type { JsonNumber } from '../../../graph/run/numbers.ts';
import { listenForStop } from '../commands.ts';
import { openTraining } from '../open-training.ts';
import { nullRecorder } from '../recorder.ts';
import { openSpool } from '../spool.ts';
import { train } from '../train.ts';
import { openWorkFolder } from '../work-folder.ts';

const [path = '.', nativeDir = '.'] = process.argv.slice(2);
const stop = listenForStop();
const work = openWorkFolder(path, openSpool(path), stop);
const { spec } = work.file;
if (spec.task !== 'TRAIN') throw new TypeError('Only a training can be measured.');

const training = await openTraining(work, spec, { nativeDir });
const recorder = {
  ...nullRecorder,
  metrics: async ({ step }: { step: number }, values: Readonly<Record<string, JsonNumber>>) => {
    console.log(JSON.stringify({ step, at: new Date().toISOString(), values }));
  },
};
const outcome = await train(spec, training, { resumeFrom: null, recorder, stop });
training.session.close();
process.exit(outcome === 'DONE' ? 0 : 1);

/** Ganway as a contender: `tsx ganway.ts NATIVE_FOLDER`. It also says where the others begin: `prepare`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../../../batch/engine/executors/open.ts';
import type { Session, TensorValue } from '../../../../batch/engine/session.ts';
import { trainFeeds } from '../../../../batch/models/feeds.ts';
import { buildTrainingProgram } from '../../../../batch/models/program.ts';
import { encodeSafetensors } from '../../../../batch/trainer/safetensors.ts';
import { tinyTrainSpec } from '../../../../batch/trainer/testing/specs.ts';
import type { TrainSpec } from '../../../../graph/spec/spec.ts';
import { draw, drawsProgram } from '../../peers/draws.ts';
import type { Workload } from '../../peers/workload.ts';
import { benchProgram } from './program.ts';
import { type Peer, serve } from './serve.ts';

const IMAGES = 256;
const nativeDir = process.argv[2] ?? '';
const workDir = mkdtempSync(join(tmpdir(), 'ganway-bench-'));
process.on('exit', () => rmSync(workDir, { recursive: true, force: true }));

let session: Session;
let spec: TrainSpec;
let workload: Workload;
let pixels: Uint8Array;
let steps = 0;

const peer: Peer = {
  open(wanted) {
    workload = wanted;
    spec = specOf(workload);
    const { file } = writeImages();
    const data = { shards: [{ file, count: IMAGES }] };
    const isPreset = workload.norms === 'first';
    const program = isPreset ? buildTrainingProgram(spec, data).program : benchProgram(workload, data);
    session = openSession(program, { nativeDir, workDir });
    session.call('init');
  },
  load: async (state, step) => {
    session.write(state);
    steps = step - 1;
  },
  state: () => session.read(),
  // What it is given it makes itself, from the same keys.
  step: (_, step) => train(step),
  randomStep: () => {
    train(++steps);
  },
};

function train(step: number): { lossD: number; lossG: number } {
  const fetched = session.call('train', trainFeeds(spec, { step, salt: 0, indices: indices(step) }));
  return { lossD: fetched.lossD?.data[0] ?? Number.NaN, lossG: fetched.lossG?.data[0] ?? Number.NaN };
}

const indices = (step: number) =>
  Int32Array.from({ length: workload.batch }, (_, n) => (step * workload.batch + n) % IMAGES);

/** The steps before `step`, and then all that this one begins with. */
function prepare(step: number, path: string): object {
  while (steps < step - 1) train(++steps);
  const draws = openSession(drawsProgram(workload), { nativeDir, workDir });
  const given = new Map([...session.read(), ['given/real', batchOf(step)], ...draw(draws, spec.seed, step)]);
  draws.close();
  writeFileSync(path, Buffer.concat(encodeSafetensors(given)));
  return {};
}

function batchOf(step: number): TensorValue {
  const size = pixels.length / IMAGES;
  const data = new Float32Array(workload.batch * size);
  indices(step).forEach((image, n) => {
    for (let at = 0; at < size; at++) data[n * size + at] = ((pixels[image * size + at] ?? 0) * 2) / 255 - 1;
  });
  return { dtype: 'float32', shape: [workload.batch, ...workload.image], data };
}

function writeImages(): { file: string } {
  const size = workload.image.reduce((product, side) => product * side, 1);
  pixels = Uint8Array.from({ length: IMAGES * size }, (_, at) => (at * 37 + (at >> 7) * 11) % 251);
  const file = join(workDir, 'images.npy');
  writeFileSync(file, pixels);
  return { file };
}

function specOf({ batch, image, model, loss, optimizers }: Workload): TrainSpec {
  const [height, width, channels] = image;
  const tiny = tinyTrainSpec();
  return {
    ...tiny,
    dataset: { ...tiny.dataset, images: IMAGES, width, height, channels },
    batchSize: batch,
    model,
    loss: { kind: loss },
    optimizers,
  };
}

await serve(peer, (command) => {
  const { step, given } = command as { step: number; given: string };
  return prepare(step, given);
});

/** A training without networks, for tests of what is around it: few numbers, exact in every bit, quick; needs no TensorFlow. */
import { setTimeout } from 'node:timers/promises';
import type { TrainSpec } from '../../../graph/spec/spec.ts';
import type { Session, TensorValue } from '../../engine/session.ts';
import type { Engine, StartedTraining } from '../run.ts';
import { writeBlob } from '../write-blob.ts';

/** Latents and state of the toy, in numbers. */
const SIZE = 8;

const float32 = (shape: readonly number[], data: Float32Array): TensorValue => ({ dtype: 'float32', shape, data });
const scalar = (value: number): TensorValue => float32([], Float32Array.of(value));

/** @param stepMs how long a step blocks the process, as a call into TensorFlow does */
function openToyTraining(spec: TrainSpec, stepMs = 0): StartedTraining {
  const cells = spec.snapshots.columns * spec.snapshots.rows;
  const { width, height, channels } = spec.dataset;
  let weights = new Float32Array(SIZE);
  let closed = false;
  const train = ({ indices, key }: Readonly<Record<string, TensorValue>>): Record<string, TensorValue> => {
    for (const until = performance.now() + stepMs; performance.now() < until; );
    const [seed = 0, salt = 0, step = 0] = key?.data ?? [];
    weights = weights.map((weight, i) => {
      const images = [...(indices?.data ?? [])].reduce((sum, index, place) => sum + index * ((place % SIZE) + i), 0);
      return 0.9 * weight + Math.sin(images + seed + salt + step * (i + 1));
    });
    const [a = 0, b = 0, c = 0, d = 0] = weights;
    return { lossD: scalar(a), lossG: scalar(b), scoreReal: scalar(c), scoreFake: scalar(d) };
  };
  const sample = ({ z }: Readonly<Record<string, TensorValue>>): Record<string, TensorValue> => {
    const size = width * height * channels;
    const images = Float32Array.from({ length: cells * size }, (_, i) =>
      Math.sin((z?.data[Math.floor(i / size) * SIZE + (i % SIZE)] ?? 0) + (weights[i % SIZE] ?? 0)),
    );
    return { images: float32([cells, height, width, channels], images) };
  };
  const session: Session = {
    call: (signature, given = {}) => {
      if (closed) throw new Error('The toy session is closed.');
      return signature === 'train' ? train(given) : sample(given);
    },
    read: () => new Map([['weights', float32([SIZE], weights.slice())]]),
    write: (state) => {
      weights = Float32Array.from(state.get('weights')?.data ?? []);
    },
    handles: () => 0,
    close: () => {
      closed = true;
    },
  };
  return {
    session,
    state: [{ name: 'weights', dtype: 'float32', shape: [SIZE], role: 'weight' }],
    numerics: {
      executor: 'toy',
      library: 'toy 1',
      device: 'cpu',
      instructionSet: process.arch,
      threads: spec.resources.threads,
      precision: 'float32',
      flags: [],
    },
    feeds: ({ step, salt, indices }) => ({
      indices: { dtype: 'int32', shape: [indices.length], data: indices },
      key: { dtype: 'int32', shape: [3], data: Int32Array.of(spec.seed, salt, step) },
    }),
    sheet: {
      z: float32(
        [cells, SIZE],
        Float32Array.from({ length: cells * SIZE }, (_, i) => Math.cos(spec.seed + i)),
      ),
    },
  };
}

/** The toy as an engine whose imports do nothing and whose exports make two files. */
export function toyEngine(stepMs = 0): Engine {
  return {
    openTraining: async (_, spec) => openToyTraining(spec, stepMs),
    runImport: async (work) => {
      work.spool.say({ type: 'progress', at: new Date().toISOString(), fraction: 0.5 });
      await setTimeout(stepMs);
    },
    runExport: async ({ spool, stop }) => {
      const files = [
        await writeBlob(spool.path('toys'), 'toy.json', [Buffer.from('{}')]),
        await writeBlob(spool.path('toys'), 'parts/toy.bin', [Uint8Array.of(1, 2, 3)]),
      ];
      await setTimeout(stepMs);
      if (stop.aborted) return 'STOPPED';
      spool.say({ type: 'files', at: new Date().toISOString(), folder: 'toys', files });
      return 'DONE';
    },
  };
}

/** Times training steps of a preset on this machine's TensorFlow, on made-up images; knows no peer to compare with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { describeNumerics } from '../engine/executors/numerics.ts';
import { type OpenOptions, openSession } from '../engine/executors/open.ts';
import { trainFeeds } from '../models/feeds.ts';
import { buildTrainingProgram } from '../models/program.ts';
import { numericFlags } from '../protocol/environment.ts';
import type { Numerics } from '../protocol.ts';

/** What {@link timeSteps} found. */
export interface StepTimes extends Numerics {
  readonly preset: string | null;
  /** Pixels of a side. */
  readonly size: number;
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly imagesPerSecond: number;
  /** Median milliseconds of a step. */
  readonly p50Ms: number;
}

/** The first steps choose kernels and fill caches. */
const WARM_UP = 5;

/**
 * Trains for so many seconds and at least one step, after a warm-up.
 *
 * @throws EngineError
 */
export function timeSteps(
  spec: TrainSpec,
  native: Pick<OpenOptions, 'nativeDir' | 'executor'>,
  seconds: number,
): StepTimes {
  const { images, width, height, channels } = spec.dataset;
  const folder = mkdtempSync(join(tmpdir(), 'ganway-benchmark-'));
  try {
    const file = join(folder, 'images.npy');
    writeFileSync(
      file,
      Uint8Array.from({ length: images * width * height * channels }, (_, at) => (at * 37) % 251),
    );
    const { program } = buildTrainingProgram(spec, { shards: [{ file, count: images }] });
    const { threads, precision = 'FP32' } = spec.resources;
    const session = openSession(program, { ...native, precision, workDir: folder });
    session.call('init');
    const timeStep = (step: number): number => {
      const indices = Int32Array.from({ length: spec.batchSize }, (_, n) => (step * spec.batchSize + n) % images);
      const from = performance.now();
      session.call('train', trainFeeds(spec, { step, salt: 0, indices }));
      return performance.now() - from;
    };
    for (let step = 1; step <= WARM_UP; step++) timeStep(step);
    const times: number[] = [];
    let total = 0;
    for (let step = WARM_UP + 1; times.length === 0 || total < seconds * 1000; step++) {
      const time = timeStep(step);
      times.push(time);
      total += time;
    }
    session.close();
    const stepsPerSecond = (1000 * times.length) / total;
    return {
      ...describeNumerics({ ...native, threads, precision, flags: numericFlags(spec.resources) }),
      preset: spec.preset,
      size: width,
      steps: times.length,
      stepsPerSecond,
      imagesPerSecond: stepsPerSecond * spec.batchSize,
      p50Ms: times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

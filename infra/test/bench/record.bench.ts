/**
 * `npm run bench:record`: what recording costs a training, measured against the same training with a null recorder beside
 * the same stack; asserts nothing.
 *
 * A recorded training, launched through the API and watched by a subscriber, and an unrecorded one of the same spec take
 * turns of a few seconds, supervisor and trainer of the one, trainer of the other: what the machine does from minute to
 * minute meets both. Compared is how fast each was while it ran, over the whole and from checkpoint to checkpoint.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainSpec } from '../../../graph/spec/spec.ts';
import type { Prepared } from '../../setup/prepare.mjs';
import { runningBelow } from '../stack.ts';
import { launchAndWatch, resolve, untilSucceeded } from '../training.ts';
import { trainingOf } from './five-minutes.ts';
import { readOptions } from './options.ts';
import { median, medianInterval } from './quantiles.ts';
import { createReporter, type Figure } from './report.ts';
import { type RateRow, rowsOf, speedInTurns } from './speed.ts';
import { type Player, type Turn, takeTurns } from './turns.ts';
import { trainUnrecorded } from './unrecorded.ts';
import { type Bench, untilIdle, withStack } from './with-stack.ts';

const COST_PERCENT = 3;

export async function main(argv: readonly string[], prepared: Prepared): Promise<void> {
  const { json, seconds, datasets } = readOptions(argv, { seconds: 300, datasets: 'digits,emoji' });
  const report = createReporter({ json });
  const names = datasets.split(',');
  await withStack(names, async (bench) => {
    for (const dataset of names) {
      const spec = await longerByAPiece(bench, await trainingOf(bench.stack, dataset, seconds));
      await untilIdle(bench);
      report.note(`${dataset}: two trainings of ${spec.steps} steps take turns …`);
      const arms = await trainSideBySide(bench, prepared, spec);
      const { width, height, channels } = spec.dataset;
      const title = `Recording ${seconds} s of ${spec.preset} on ${dataset} (${width}×${height}×${channels}), storage: ${prepared.storeKind}`;
      report.figures(`${title}\n${cadenceOf(spec)}`, figuresOf(dataset, spec, arms));
    }
  });
}

/** A training: its rows, and when it ran. */
interface Arm {
  readonly rows: readonly RateRow[];
  readonly turns: readonly Turn[];
}

interface Arms {
  readonly recorded: Arm;
  readonly unrecorded: Arm;
}

/** The training with its cadence, and as much again as lies between two checkpoints: for the warm-up, which is not measured. */
async function longerByAPiece({ stack }: Bench, whole: TrainSpec): Promise<TrainSpec> {
  const { checkpointSteps } = whole.snapshots;
  const steps = (Math.max(1, Math.round(whole.steps / checkpointSteps)) + 1) * checkpointSteps;
  return resolve(stack, trainingInput({ ...whole, kimg: (steps * whole.batchSize) / 1000 }));
}

function trainingInput({ seed, preset, dataset, batchSize, kimg, snapshots }: TrainSpec): Record<string, unknown> {
  const { tickSteps, sampleSteps, checkpointSteps } = snapshots;
  return {
    ...{ preset, dataset: dataset.id, seed, batchSize, kimg },
    snapshots: { tickSteps, sampleSteps, checkpointSteps },
  };
}

async function trainSideBySide(bench: Bench, prepared: Prepared, spec: TrainSpec): Promise<Arms> {
  const { stack } = bench;
  const work = await mkdtemp(join(tmpdir(), 'ganway-bench-'));
  try {
    const { runId, watcher } = await launchAndWatch(stack, trainingInput(spec));
    // From here on both have processes that can be stopped.
    await watcher.until(({ __typename }) => __typename === 'MetricsLogged');
    const recorded = ending(untilSucceeded(runId, watcher), () => [
      ...stack.pidsOf('batch/main'),
      ...stack.pidsOf('batch/trainer/main'),
    ]);
    const unrecorded = ending(trainUnrecorded(bench, prepared, spec, work), () => runningBelow(work));
    const [ofRecorded = [], ofUnrecorded = []] = await takeTurns([recorded.player, unrecorded.player]);
    return {
      recorded: { rows: rowsOf(await recorded.ended), turns: ofRecorded },
      unrecorded: { rows: await unrecorded.ended, turns: ofUnrecorded },
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A player that is over when a promise settles. */
function ending<T>(ended: Promise<T>, pids: Player['pids']): { readonly player: Player; readonly ended: Promise<T> } {
  let over = false;
  const settle = () => {
    over = true;
  };
  ended.then(settle, settle);
  return { player: { pids, over: () => over }, ended };
}

function cadenceOf({ steps, snapshots, resources }: TrainSpec): string {
  const { tickSteps, sampleSteps, checkpointSteps } = snapshots;
  return `${steps} steps on ${resources.threads} threads: a row every ${tickSteps}, a sheet every ${sampleSteps}, a checkpoint every ${checkpointSteps}`;
}

function figuresOf(dataset: string, spec: TrainSpec, { recorded, unrecorded }: Arms): Figure[] {
  const { batchSize, steps, snapshots } = spec;
  const every = snapshots.checkpointSteps;
  const speed = ({ rows, turns }: Arm, from: number, to: number): number =>
    speedInTurns(rows, turns, batchSize, from, to);
  const cost = (from: number, to: number): number =>
    100 * (1 - speed(recorded, from, to) / speed(unrecorded, from, to));
  const pieces = Array.from({ length: steps / every - 1 }, (_, index) => (index + 1) * every);
  const costs = pieces.map((from) => cost(from, from + every));
  const { low, high, coverage } = medianInterval(costs, 0.9);
  const figure = (name: string, value: number, unit: string, target: number | null = null): Figure => ({
    name: `record.${dataset}.${name}`,
    value,
    unit,
    target,
  });
  return [
    figure('cost', cost(every, steps), '%', COST_PERCENT),
    figure('cost.piece.median', median(costs), '%'),
    figure('cost.piece.low', low, '%'),
    figure('cost.piece.high', high, '%'),
    figure('cost.piece.coverage', 100 * coverage, '%'),
    figure('pieces', costs.length, 'pieces'),
    figure('recorded', speed(recorded, every, steps), 'images/s'),
    figure('unrecorded', speed(unrecorded, every, steps), 'images/s'),
  ];
}

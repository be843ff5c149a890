/**
 * `npm run bench:record`: what recording costs a training, measured against the same training with a null recorder beside
 * the same stack; asserts nothing.
 *
 * The training of so many seconds is cut at its checkpoints. Each piece is a round: a recorded training, launched through
 * the API and watched by a subscriber, and an unrecorded one, of the same spec and the whole training's cadence, right
 * after or right before it in turn. The ratio of the two is free of what the machine does from minute to minute.
 */
import type { TrainSpec } from '../../../graph/spec/spec.ts';
import type { Prepared } from '../../setup/prepare.mjs';
import { trainingOf } from './five-minutes.ts';
import { readOptions } from './options.ts';
import { median, medianInterval, quantile } from './quantiles.ts';
import { createReporter, type Figure } from './report.ts';
import { rowsOf, speedBetween } from './speed.ts';
import { resolve, trainToEnd } from './training.ts';
import { trainUnrecorded } from './unrecorded.ts';
import { type Bench, untilIdle, withStack } from './with-stack.ts';

const COST_PERCENT = 3;
/** Share of a piece that is trained before the measured piece begins. */
const WARM_UP = 0.15;

export async function main(argv: readonly string[], prepared: Prepared): Promise<void> {
  const { json, seconds, datasets } = readOptions(argv, { seconds: 300, datasets: 'digits,emoji' });
  const report = createReporter({ json });
  const names = datasets.split(',');
  await withStack(names, async (bench) => {
    for (const dataset of names) {
      const whole = await trainingOf(bench.stack, dataset, seconds);
      const piece = await pieceOf(bench, whole);
      const rounds = Math.max(1, Math.round(whole.steps / whole.snapshots.checkpointSteps));
      const pairs: Pair[] = [];
      for (let i = 0; i < rounds; i++) {
        const pair = await playRound(bench, prepared, piece, i % 2 === 0);
        pairs.push(pair);
        const [recorded, unrecorded] = [pair.recorded, pair.unrecorded].map((speed) => speed.toFixed(0));
        report.note(`${dataset}, round ${i + 1} of ${rounds}: ${recorded} images/s recorded, ${unrecorded} not`);
      }
      const { width, height, channels } = whole.dataset;
      const title = `Recording ${seconds} s of ${whole.preset} on ${dataset} (${width}×${height}×${channels}), storage: ${prepared.storeKind}`;
      report.figures(`${title}\n${cadenceOf(whole)}`, figuresOf(dataset, pairs));
    }
  });
}

/** Images a second of the two arms of a round. */
interface Pair {
  readonly recorded: number;
  readonly unrecorded: number;
}

interface Piece {
  /** What is launched. */
  readonly training: Record<string, unknown>;
  /** What it resolves to. */
  readonly spec: TrainSpec;
  /** The steps measured are those after `from` up to `to`: from just after a checkpoint to just after the next. */
  readonly from: number;
  readonly to: number;
}

/** From one checkpoint of the training to the next, with a warm-up before and the cadence of the whole. */
async function pieceOf({ stack }: Bench, whole: TrainSpec): Promise<Piece> {
  const { seed, preset, dataset, batchSize, snapshots } = whole;
  const { tickSteps, sampleSteps, checkpointSteps } = snapshots;
  const from = Math.max(1, Math.round((WARM_UP * checkpointSteps) / tickSteps)) * tickSteps;
  const to = from + checkpointSteps;
  // What is recorded at its very end falls behind what is measured.
  const training = {
    preset,
    dataset: dataset.id,
    seed,
    batchSize,
    kimg: (to * batchSize) / 1000,
    snapshots: { tickSteps, sampleSteps, checkpointSteps },
  };
  return { training, spec: await resolve(stack, training), from, to };
}

async function playRound(bench: Bench, prepared: Prepared, piece: Piece, recordedFirst: boolean): Promise<Pair> {
  const { training, spec, from, to } = piece;
  const recorded = async () => {
    const rows = rowsOf(await trainToEnd(bench.stack, training));
    await untilIdle(bench);
    return speedBetween(rows, spec.batchSize, from, to);
  };
  const unrecorded = async () => speedBetween(await trainUnrecorded(bench, prepared, spec), spec.batchSize, from, to);
  if (!recordedFirst) return { unrecorded: await unrecorded(), recorded: await recorded() };
  return { recorded: await recorded(), unrecorded: await unrecorded() };
}

function cadenceOf({ steps, snapshots, resources }: TrainSpec): string {
  const { tickSteps, sampleSteps, checkpointSteps } = snapshots;
  return `${steps} steps on ${resources.threads} threads: a row every ${tickSteps}, a sheet every ${sampleSteps}, a checkpoint every ${checkpointSteps}`;
}

function figuresOf(dataset: string, pairs: readonly Pair[]): Figure[] {
  const costs = pairs.map(({ recorded, unrecorded }) => 100 * (1 - recorded / unrecorded));
  const { low, high, coverage } = medianInterval(costs, 0.9);
  const alone = pairs.map(({ unrecorded }) => unrecorded);
  const figure = (name: string, value: number, unit: string, target: number | null = null): Figure => ({
    name: `record.${dataset}.${name}`,
    value,
    unit,
    target,
  });
  return [
    figure('cost.median', median(costs), '%', COST_PERCENT),
    figure('cost.low', low, '%'),
    figure('cost.high', high, '%'),
    figure('cost.coverage', 100 * coverage, '%'),
    figure('rounds', pairs.length, 'rounds'),
    figure('recorded', median(pairs.map(({ recorded }) => recorded)), 'images/s'),
    figure('unrecorded', median(alone), 'images/s'),
    // How far the machine itself moved about: a cost below it cannot be told from none.
    figure('unrecorded.spread', (100 * (quantile(alone, 1) - quantile(alone, 0))) / median(alone), '%'),
  ];
}

/** The training loop, from the first step or a checkpoint to the last; knows no file, no network and no TensorFlow. */
import { setImmediate } from 'node:timers/promises';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import type { Session, TensorValue } from '../engine/session.ts';
import type { Feeds, StepInput } from '../models/training-program.ts';
import type { Trigger } from '../protocol.ts';
import { createAlarm } from './alarm.ts';
import { addToTick, EMPTY_TICK, FIRST, type HostState, meansOf } from './host-state.ts';
import { createRates } from './rates.ts';
import type { Recorder } from './recorder.ts';
import { createSampler } from './sampler.ts';

/** A training program in execution, its state where the training begins, with what the loop feeds it. */
export interface OpenTraining {
  readonly session: Session;
  feeds(step: StepInput): Feeds;
  /** What sheets are made of, the same for the whole run. */
  readonly sheet: Feeds;
}

export interface TrainOptions {
  /** The moment that the session's state is of; null: step 0, of which nothing is recorded yet. */
  readonly resumeFrom: HostState | null;
  readonly recorder: Recorder;
  /** Looked at between steps; see {@link StopReason}. */
  readonly stop: AbortSignal;
}

/**
 * Trains until the spec's last step, or until asked to stop. Metrics, sheets and checkpoints fall on steps that the
 * spec fixes; those that a clock or a signal triggers are extra and change nothing that is computed. At one step the
 * order is metrics, sample, checkpoint, so that a checkpoint is never sealed before what led up to it.
 */
export async function train(
  spec: TrainSpec,
  { session, feeds, sheet }: OpenTraining,
  { resumeFrom, recorder, stop }: TrainOptions,
): Promise<'DONE' | 'STOPPED'> {
  const { tickSteps, sampleSteps, checkpointSteps, sampleSeconds, checkpointSeconds } = spec.snapshots;
  const sampler = createSampler(spec.seed, spec.dataset.images);
  const sampleAlarm = createAlarm(sampleSeconds);
  const checkpointAlarm = createAlarm(checkpointSeconds);
  let host = resumeFrom ?? FIRST;
  let savedAt = resumeFrom ? host.step : -1;

  const sample = async (trigger: Trigger): Promise<void> => {
    await recorder.sample(host, trigger, () => imagesOf(session.call('sample', sheet)));
    sampleAlarm.reset();
  };
  const checkpoint = async (trigger: Trigger): Promise<void> => {
    await recorder.checkpoint(host, trigger, () => session.read());
    savedAt = host.step;
    checkpointAlarm.reset();
  };

  if (!resumeFrom) {
    await sample('SCHEDULE');
    await checkpoint('SCHEDULE');
  }

  const rates = createRates();
  while (host.step < spec.steps && !stop.aborted) {
    host = trainStep(spec, session, feeds, host, sampler.batch(host.images, spec.batchSize));
    rates.count(spec.batchSize);
    const falls = (every: number): boolean => host.step === spec.steps || host.step % every === 0;

    if (falls(tickSteps)) {
      await recorder.metrics(host, { ...meansOf(host.tick), ...rates.take() });
      host = { ...host, tick: EMPTY_TICK };
    }
    if (falls(sampleSteps)) await sample('SCHEDULE');
    else if (sampleAlarm.due()) await sample('CLOCK');
    if (falls(checkpointSteps)) await checkpoint('SCHEDULE');
    else if (checkpointAlarm.due()) await checkpoint('CLOCK');

    // Lets the recorder's files and a stop in: a call of the session blocks everything else.
    await setImmediate();
  }

  if (host.step === spec.steps) return 'DONE';
  if (stop.reason !== 'ORPHANED' && savedAt !== host.step) await checkpoint('SIGNAL');
  return 'STOPPED';
}

/** One update of both networks. */
function trainStep(
  spec: TrainSpec,
  session: Session,
  feeds: OpenTraining['feeds'],
  before: HostState,
  indices: Int32Array,
): HostState {
  const { salt, learningRateScale } = before;
  const step = before.step + 1;
  const row = session.call('train', feeds({ step, salt, indices, learningRateScale }));
  const values = {
    'loss/discriminator': scalar(row, 'lossD'),
    'loss/generator': scalar(row, 'lossG'),
    'score/real': scalar(row, 'scoreReal'),
    'score/fake': scalar(row, 'scoreFake'),
    ...(row.penalty && { 'penalty/discriminator': scalar(row, 'penalty') }),
  };
  return { ...before, step, images: before.images + spec.batchSize, tick: addToTick(before.tick, values) };
}

function scalar(row: Feeds, name: string): number {
  const value = row[name]?.data[0];
  if (value === undefined) throw new TypeError(`The training program answers without ${name}.`);
  return value;
}

function imagesOf({ images }: Feeds): TensorValue {
  if (images === undefined) throw new TypeError('The training program answers without images.');
  return images;
}

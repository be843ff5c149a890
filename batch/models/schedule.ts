/** What changes from step to step of a spec's training, in float64 on the host; knows no program around it. */
import type { AdamSpec, TrainSpec } from '../../graph/spec/spec.ts';
import { type AdamOptions, adamScalars, adamSchedule } from '../optim/adam.ts';
import { averageDecay } from '../optim/average.ts';
import { type Scalars, scalarVector } from '../optim/scalars.ts';
import { type Schedule, valueAt } from '../optim/schedule.ts';

const PLAYERS = [...adamScalars('discriminator'), ...adamScalars('generator')] as const;

type ScalarName = (typeof PLAYERS)[number] | 'gamma' | 'ema';

/** The scalars that a training program is fed with: those of both optimizers, and what else the spec has. */
export function scalarsOf({ regularizer, ema }: Pick<TrainSpec, 'regularizer' | 'ema'>): Scalars<ScalarName> {
  return scalarVector<ScalarName>([
    ...PLAYERS,
    ...(regularizer.kind === 'NONE' ? [] : (['gamma'] as const)),
    ...(ema ? (['ema'] as const) : []),
  ]);
}

/**
 * Their values in step number `step`, from 1: a pure function of the spec, by the share of the run's images that were shown
 * before it. `learningRateScale` multiplies both learning rates.
 */
export function scheduleAt(spec: TrainSpec, step: number, learningRateScale: number): Record<ScalarName, number> {
  const { schedule, optimizers, regularizer, ema, batchSize } = spec;
  const finals = schedule.kind === 'CONSTANT' ? null : schedule;
  const at = (from: number, to: number | null | undefined) =>
    valueAt(courseOf(schedule, from, to ?? from), (step - 1) / spec.steps);
  const adam = ({ learningRate, beta2, ...rest }: AdamSpec): AdamOptions => ({
    ...rest,
    learningRate: at(learningRate, finals?.learningRate) * learningRateScale,
    beta2: at(beta2, finals?.beta2),
  });
  return {
    ...adamSchedule('discriminator', adam(optimizers.discriminator), step),
    ...adamSchedule('generator', adam(optimizers.generator), step),
    gamma: at(regularizer.gamma, finals?.gamma),
    ema: ema ? averageDecay(ema, batchSize, (step - 1) * batchSize) : 0,
  };
}

function courseOf(schedule: TrainSpec['schedule'], from: number, to: number): Schedule {
  switch (schedule.kind) {
    case 'CONSTANT':
      return { kind: 'CONSTANT', value: from };
    case 'COSINE':
      return { kind: 'COSINE', from, to };
    case 'STEP':
      return { kind: 'STEP', from, points: [{ at: schedule.at, value: to }] };
  }
}

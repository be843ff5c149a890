/** What a training minimises and how that changes on the way: loss, penalty, average, schedule; knows no network. */
import type { TrainingInput } from './input.ts';
import type { Collector } from './issues.ts';
import type { EmaSpec, LossSpec, RegularizerSpec, ScheduleSpec } from './spec.ts';

/** Half-lives ramp up as StyleGAN2-ADA's do, where nothing else is said. */
const RAMP_UP = 0.05;
/** Gulrajani et al. 2017 have 10 for their penalty; 1 of R1 suits small images. */
const GAMMAS = { R1: 1, R1_R2: 1, GRADIENT_PENALTY: 10 } as const;

/** The loss of an input. */
export function resolveLoss(check: Collector, input: NonNullable<TrainingInput['loss']>, basis: LossSpec): LossSpec {
  const kind = input.kind ?? basis.kind;
  const path = ['loss', 'realTarget'];
  if (kind === 'NON_SATURATING' || kind === 'MINIMAX') {
    const bounds = { fallback: basis.realTarget, min: 0.5, max: 1, above: true };
    return { kind, realTarget: check.number(path, input.realTarget, bounds) };
  }
  if (input.realTarget != null) {
    check.add(path, 'HAS_NO_EFFECT', `${kind} has no probabilities, so real images have no target; leave it out.`);
  }
  return { kind, realTarget: 1 };
}

/** The penalty of an input. */
export function resolveRegularizer(
  check: Collector,
  input: NonNullable<TrainingInput['regularizer']>,
  basis: RegularizerSpec,
): RegularizerSpec {
  const kind = input.kind ?? basis.kind;
  if (kind === 'NONE') {
    for (const name of ['gamma', 'fraction'] as const) {
      if (input[name] == null) continue;
      check.add(['regularizer', name], 'HAS_NO_EFFECT', `There is no penalty that ${name} could be of; say its kind.`);
    }
    return { kind, gamma: 0, fraction: 1 };
  }
  return {
    kind,
    gamma: check.number(['regularizer', 'gamma'], input.gamma, {
      fallback: kind === basis.kind ? basis.gamma : GAMMAS[kind],
      min: 0,
      max: 1e6,
    }),
    fraction: check.number(['regularizer', 'fraction'], input.fraction, {
      fallback: basis.fraction,
      min: 0,
      max: 1,
      above: true,
    }),
  };
}

/** The average of an input; a half-life of 0 is none. */
export function resolveEma(
  check: Collector,
  input: NonNullable<TrainingInput['ema']>,
  basis: EmaSpec | null,
): EmaSpec | null {
  const halfLifeKimg = check.number(['ema', 'halfLifeKimg'], input.halfLifeKimg, {
    fallback: basis?.halfLifeKimg ?? 0,
    min: 0,
    max: 1e6,
  });
  const rampUp = check.number(['ema', 'rampUp'], input.rampUp, {
    fallback: basis?.rampUp ?? RAMP_UP,
    min: 0,
    max: 1,
    above: true,
  });
  if (halfLifeKimg > 0) return { halfLifeKimg, rampUp };
  if (input.rampUp != null) {
    check.add(['ema', 'rampUp'], 'HAS_NO_EFFECT', 'There is no half-life to ramp up; say halfLifeKimg.');
  }
  return null;
}

/** The schedule of an input. What the regularizer lacks cannot change. */
export function resolveSchedule(
  check: Collector,
  input: NonNullable<TrainingInput['schedule']>,
  basis: ScheduleSpec,
  regularizer: RegularizerSpec,
): ScheduleSpec {
  const kind = input.kind ?? basis.kind;
  const noEffect = (name: keyof typeof input, why: string) => {
    if (input[name] != null) check.add(['schedule', name], 'HAS_NO_EFFECT', `${why}; leave ${name} out.`);
  };
  if (kind !== 'STEP') noEffect('at', `${kind} has no step`);
  if (kind === 'CONSTANT') {
    for (const name of ['learningRate', 'beta2', 'gamma'] as const)
      noEffect(name, 'Nothing changes where it is CONSTANT');
    return { kind };
  }
  const before = basis.kind === 'CONSTANT' ? { learningRate: null, beta2: null, gamma: null } : basis;
  const final = (
    name: 'learningRate' | 'beta2' | 'gamma',
    bounds: { max: number; above?: boolean; below?: boolean },
  ) =>
    input[name] == null
      ? before[name]
      : check.number(['schedule', name], input[name], { fallback: 1, min: 0, ...bounds });
  const penalised = regularizer.kind !== 'NONE';
  if (!penalised) noEffect('gamma', 'There is no penalty');
  const finals = {
    learningRate: final('learningRate', { max: 1, above: true }),
    beta2: final('beta2', { max: 1, below: true }),
    gamma: penalised ? final('gamma', { max: 1e6 }) : null,
  };
  if (kind === 'COSINE') return { kind, ...finals };
  const fallback = basis.kind === 'STEP' ? basis.at : 0.5;
  return { kind, at: check.number(['schedule', 'at'], input.at, { fallback, min: 0, max: 1, above: true }), ...finals };
}

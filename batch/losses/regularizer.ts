/** What D pays for its slope, by the kinds that a spec names; knows no network and no loss. */
import { add, rows, type Tensor } from '../engine/program/index.ts';
import { type Discriminate, type Judgement, type JudgementOptions, judge, type Kind, sampleSize } from './judgement.ts';
import { between, oneCentred, slope } from './penalties.ts';

/** R1: where images are real. R1_R2: also where they are generated. GRADIENT_PENALTY: between the two, {@link oneCentred}. */
export interface Regularizer {
  readonly kind: 'NONE' | 'R1' | 'R1_R2' | 'GRADIENT_PENALTY';
  /** As in {@link JudgementOptions}. */
  readonly fraction: number;
}

/** Where {@link judge} is to look at D's slope. */
const PENALISED: Readonly<Record<Regularizer['kind'], readonly Kind[]>> = {
  NONE: [],
  R1: ['real'],
  R1_R2: ['real', 'fake'],
  GRADIENT_PENALTY: [],
};

export interface Regularization extends Pick<JudgementOptions, 'sight' | 'labels'> {
  readonly regularizer: Regularizer;
  /** Uniform random numbers in [0, 1), `[n, 1, 1, 1]`; asked for where a penalty is of images between others. */
  readonly shares: () => Tensor;
}

export interface Regularized extends Pick<Judgement, 'logits'> {
  /** Scalar, to be multiplied by γ; null where there is none. */
  readonly penalty: Tensor | null;
}

/** D's logits of a batch as {@link judge} gives them, with the penalty that a spec's regularizer asks for. */
export function judgeRegularized(
  discriminate: Discriminate,
  images: Readonly<Record<Kind, Tensor>>,
  { regularizer: { kind, fraction }, shares, ...options }: Regularization,
): Regularized {
  const { logits, penalties } = judge(discriminate, images, { ...options, penalised: PENALISED[kind], fraction });
  if (kind === 'GRADIENT_PENALTY') {
    const sample = sampleSize(images.real.shape[0] ?? 0, fraction);
    const first = (x: Tensor) => rows(x, 0, sample);
    const points = between({ real: first(images.real), fake: first(images.fake) }, first(shares()));
    const judged = discriminate(points, 'between', options.labels && first(options.labels));
    return { logits, penalty: oneCentred(slope(judged, points)) };
  }
  const { real, fake } = penalties;
  return { logits, penalty: real && fake ? add(real, fake) : (real ?? null) };
}

/** Which images D sees in one pass, and where it pays for its slope; knows no network and no loss. */
import { concat, rows, type Tensor } from '../engine/program/index.ts';
import { slope, zeroCentred } from './penalties.ts';

/**
 * D, augmentation included: images, and where there are any their labels, to logits `[n, 1]`. `pass` tells apart the random
 * numbers of a step's passes.
 */
export type Discriminate = (
  images: Tensor,
  pass: 'plain' | 'penalised' | 'between' | Kind,
  labels: Tensor | undefined,
) => Tensor;

/** Where images come from. */
export type Kind = 'real' | 'fake';

/**
 * What a logit depends on: its own image alone, or on the others of its pass as well, as with batch norm or a
 * minibatch's deviation.
 */
export type Sight = 'image' | 'batch';

export interface JudgementOptions {
  readonly sight: Sight;
  /** int32 `[n]`: the class of the n-th image of either kind. */
  readonly labels?: Tensor | undefined;
  /** Images where D's slope is penalised: of the real ones for R1, of the generated ones for R2. By default none. */
  readonly penalised?: readonly Kind[];
  /**
   * Share of them that is: the first ones of the batch, at least one; by default all. They are a random sample of the
   * batch, so the penalty is the same on average, at a part of the price.
   */
  readonly fraction?: number;
}

export interface Judgement {
  /** Logits `[n, 1]`, in the order of the images. */
  readonly logits: Readonly<Record<Kind, Tensor>>;
  /** {@link zeroCentred} of the slopes, to be multiplied by γ; for the kinds that are penalised. */
  readonly penalties: Readonly<Partial<Record<Kind, Tensor>>>;
}

/**
 * D's logits for a batch of real and one of generated images, `[n, height, width, channels]` each.
 *
 * Where D sees each image alone, any of them may go through it together. Those without a penalty do, because one large
 * pass is cheaper than two; those with one do, apart from the others, because a slope costs another pass back and its
 * penalty one forth, which nothing else needs. Where D sees the whole batch, each kind has its pass.
 */
export function judge(
  discriminate: Discriminate,
  images: Readonly<Record<Kind, Tensor>>,
  { sight, labels, penalised = [], fraction = 1 }: JudgementOptions,
): Judgement {
  const size = images.real.shape[0] ?? 0;
  const sample = sampleSize(size, fraction);
  const logits: Record<Kind, Tensor[]> = { real: [], fake: [] };
  const penalties: Partial<Record<Kind, Tensor>> = {};
  for (const { pass, runs } of plan(sight, penalised, size, sample)) {
    const seen = join(runs.map(({ kind, from, count }) => rows(images[kind], from, count)));
    const classes = labels && join(runs.map(({ from, count }) => rows(labels, from, count)));
    const judged = discriminate(seen, pass, classes);
    const steep = runs.some(({ steep }) => steep) ? slope(judged, seen) : null;
    let at = 0;
    for (const { kind, count, steep: pays } of runs) {
      logits[kind].push(rows(judged, at, count));
      if (pays && steep) penalties[kind] = zeroCentred(rows(steep, at, sample));
      at += count;
    }
  }
  return { logits: { real: join(logits.real), fake: join(logits.fake) }, penalties };
}

/** Images of a batch where D's slope is penalised: that share of them, and at least one. */
export function sampleSize(batch: number, fraction: number): number {
  return Math.min(batch, Math.max(1, Math.round(fraction * batch)));
}

/** Images that go through D at once. */
interface Passing {
  readonly pass: Parameters<Discriminate>[1];
  /** One after the other; those of a kind are in their order. */
  readonly runs: readonly Run[];
}

interface Run {
  readonly kind: Kind;
  readonly from: number;
  readonly count: number;
  readonly steep: boolean;
}

const KINDS: readonly Kind[] = ['real', 'fake'];

function plan(sight: Sight, penalised: readonly Kind[], size: number, sample: number): Passing[] {
  if (sight === 'batch') {
    return KINDS.map((kind) => ({
      pass: kind,
      runs: [{ kind, from: 0, count: size, steep: penalised.includes(kind) }],
    }));
  }
  const split = (kind: Kind) => (penalised.includes(kind) ? sample : 0);
  const first = KINDS.map((kind): Run => ({ kind, from: 0, count: split(kind), steep: true }));
  const rest = KINDS.map((kind): Run => ({ kind, from: split(kind), count: size - split(kind), steep: false }));
  const passes: Passing[] = [
    { pass: 'penalised', runs: first.filter(({ count }) => count > 0) },
    { pass: 'plain', runs: rest.filter(({ count }) => count > 0) },
  ];
  return passes.filter(({ runs }) => runs.length > 0);
}

function join(parts: readonly Tensor[]): Tensor {
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError('a batch without images');
  return concat([first, ...others]);
}

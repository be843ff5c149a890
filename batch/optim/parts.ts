/** Gradients of a batch in parts, one after the other: micro-batches within one program; knows no loss and no update. */
import {
  add,
  buildPart,
  type Graph,
  reshape,
  type State,
  scale,
  scope,
  slice,
  type Tensor,
  waitFor,
} from '../engine/program/index.ts';
import { type Objective, objective, zip } from './objective.ts';

/** What is computed at once. */
export interface Part {
  /** Of `x` `[m · size, …]`, m batches one after the other: the part's rows of each. */
  rows(x: Tensor): Tensor;
}

export interface Batch {
  /** Examples. */
  readonly size: number;
  /** Divides `size`. With 1 the batch is computed as a whole. */
  readonly parts: number;
  /** Values that the first part waits for; none by default. */
  readonly after?: Iterable<Tensor>;
}

/** Means over examples, `loss` among them: the same ones for each part. */
type AnyMeans = { readonly loss: Tensor } & { readonly [name: string]: Tensor | undefined };

/** The objective of a batch, and the means that came with it. */
export interface BatchObjective<Means> extends Objective {
  readonly means: Means;
}

/**
 * The objective of a whole batch where `build` makes scalars for a part, each a mean over the part's examples. A part
 * begins when the gradients of the one before are known, so that memory holds the activations of one part only. The mean
 * over parts of one size is that over the batch, and so is its gradient, but for rounding. Random numbers keep this true
 * where they are drawn for the batch and taken by {@link Part.rows}.
 *
 * @throws EngineError BATCH where a layer looks at the whole batch and there is more than one part.
 */
export function inParts<Means extends AnyMeans>(
  graph: Graph,
  weights: readonly State[],
  { size, parts, after = [] }: Batch,
  build: (part: Part) => Means,
): BatchObjective<Means> {
  if (size % parts !== 0) throw new RangeError(`${size} examples do not make ${parts} parts of one size`);
  if (parts === 1) {
    const earlier = [...after];
    const means = build({ rows: (x) => waitFor(x, earlier) });
    return { ...objective(means.loss, weights), means };
  }
  const shareOf = (index: number, earlier: readonly Tensor[]): Share<Means> => {
    const count = size / parts;
    const rows = (x: Tensor) => waitFor(rowsOfEach(x, size, index * count, count), earlier);
    return scope(graph, `part${index + 1}`, () => {
      const means = eachOf(
        buildPart(graph, () => build({ rows })),
        (mean) => scale(mean, 1 / parts),
      );
      return { means, gradients: [...objective(means.loss, weights).gradients.values()] };
    });
  };
  let total = shareOf(0, [...after]);
  for (let index = 1; index < parts; index++) total = sum(total, shareOf(index, total.gradients));
  return { loss: total.means.loss, gradients: zip(weights, total.gradients), means: total.means };
}

/** What a part adds to the means over the batch and to their gradient. */
interface Share<Means> {
  readonly means: Means;
  /** In the order of the weights. */
  readonly gradients: readonly Tensor[];
}

function sum<Means extends AnyMeans>(a: Share<Means>, b: Share<Means>): Share<Means> {
  return {
    means: eachOf(a.means, (mean, name) => add(mean, b.means[name] ?? mean)),
    gradients: a.gradients.map((gradient, index) => add(gradient, b.gradients[index] ?? gradient)),
  };
}

function eachOf<Means extends AnyMeans>(means: Means, map: (mean: Tensor, name: string) => Tensor): Means {
  const mapped = Object.entries(means).map(([name, mean]) => [name, mean && map(mean, name)]);
  return Object.fromEntries(mapped) as Means;
}

/** Rows of each of the batches of `size` that `x` is made of. */
function rowsOfEach(x: Tensor, size: number, from: number, count: number): Tensor {
  const [length = 0, ...rest] = x.shape;
  const batches = reshape(x, [length / size, size, ...rest]);
  const begin = batches.shape.map((_, axis) => (axis === 1 ? from : 0));
  return reshape(slice(batches, begin, [length / size, count, ...rest]), [(length / size) * count, ...rest]);
}

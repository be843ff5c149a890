/** Spectral norm: kernels divided by the largest factor by which they lengthen a vector; knows no layer. */
import {
  current,
  divide,
  type Graph,
  matMul,
  multiply,
  read,
  reshape,
  rsqrt,
  type State,
  select,
  shift,
  sizeOf,
  square,
  state,
  stopGradient,
  sum,
  type Tensor,
  update,
} from '../../engine/program/index.ts';
import { normal } from './initial.ts';
import type { Values } from './layer.ts';

/** What holds the norm of some kernels. */
export interface SpectralNorm {
  /** The left singular vectors, one a kernel; not weights: no gradient moves them. */
  readonly vectors: readonly State[];
  /** Advances the vectors by the kernels that `values` gives; once in an update of the network. */
  iterate(values: Values): SpectralIteration;
}

/** One step of the power iteration. */
export interface SpectralIteration {
  /** `values`, with every kernel W divided by σ(W); other states as they are. */
  normalised(values: Values): Values;
  /** The next call begins with these vectors; where `finite`, a bool scalar, is false, with the old ones bit for bit. */
  keep(finite: Tensor): void;
}

/**
 * Spectral norm (Miyato et al. 2018, algorithm 1) of kernels `[…, outputs]`, each as the matrix `[everything else, outputs]`:
 * one iteration `v = Wu / ‖Wu‖`, `u = Wᵀv / ‖Wᵀv‖` an update, then `σ = vᵀWu`. u and v are constants for the gradient; σ is
 * not. In one update all passes share the vectors, also that of the other player, which sees kernels that have moved:
 * `normalised` takes those. State: `<kernel>/u` `[outputs]`, of the role `singular`.
 *
 * ```ts
 * const iteration = spectral.iterate(read);
 * const logits = discriminator.forward(images, iteration.normalised(read), drop);
 * const step = descend(…);
 * iteration.keep(step.finite);
 * ```
 */
export function spectralNorm(graph: Graph, kernels: readonly State[]): SpectralNorm {
  const vectors = new Map(kernels.map((kernel) => [kernel, declareVector(graph, kernel)]));
  return {
    vectors: [...vectors.values()],
    iterate(values) {
      const pairs = new Map([...vectors].map(([kernel, u]) => [kernel, advance(values(kernel), values(u))]));
      return {
        normalised: (values) => normalised(pairs, values),
        keep(finite) {
          for (const [kernel, vector] of vectors) {
            const u = pairs.get(kernel)?.u;
            if (u) update(current(vector), select(finite, reshape(u, vector.shape), read(vector)));
          }
        },
      };
    },
  };
}

/** Singular vectors as columns: u `[outputs, 1]` and v `[everything else, 1]`. */
interface Pair {
  readonly u: Tensor;
  readonly v: Tensor;
}

function declareVector(graph: Graph, { name, shape, init }: State): State {
  const outputs = shape.at(-1);
  if (outputs === undefined || shape.length < 2) throw new RangeError(`${name} is no matrix: it has no spectral norm`);
  if (init.kind === 'fill' && init.value === 0) {
    throw new RangeError(`${name} begins with zeros: there is nothing to divide by`);
  }
  return state(graph, `${name}/u`, [outputs], { role: 'singular', init: normal(1) });
}

function advance(kernel: Tensor, before: Tensor): Pair {
  const matrix = asMatrix(stopGradient(kernel));
  const v = unit(matMul(matrix, reshape(before, [before.shape[0] ?? 0, 1])));
  return { u: unit(matMul(matrix, v, { transposeA: true })), v };
}

function normalised(pairs: ReadonlyMap<State, Pair>, values: Values): Values {
  const known = new Map<State, Tensor>();
  return (state) => {
    const pair = pairs.get(state);
    if (!pair) return values(state);
    const divided = known.get(state) ?? divide(values(state), singularValue(values(state), pair));
    known.set(state, divided);
    return divided;
  };
}

/** σ, a scalar. */
function singularValue(kernel: Tensor, { u, v }: Pair): Tensor {
  return sum(multiply(v, matMul(asMatrix(kernel), u)));
}

function asMatrix(kernel: Tensor): Tensor {
  const outputs = kernel.shape.at(-1) ?? 1;
  return reshape(kernel, [sizeOf(kernel.shape) / outputs, outputs]);
}

/** x at length 1; PyTorch's ε of 1e-12 keeps zeros. */
function unit(x: Tensor): Tensor {
  return multiply(x, rsqrt(shift(sum(square(x)), 1e-24)));
}

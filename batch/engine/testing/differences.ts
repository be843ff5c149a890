/** Checks gradients against central differences in float64, on real kernels; knows no rule. */
import { gradients } from '../autodiff/gradients.ts';
import {
  add,
  createGraph,
  feed,
  finish,
  type Graph,
  multiply,
  type Shape,
  scale,
  signature,
  sizeOf,
  subtract,
  sum,
  type Tensor,
} from '../program/index.ts';
import type { Session, TensorValue } from '../session.ts';
import { open } from './native.ts';
import { samples } from './samples.ts';

type Inputs = Readonly<Record<string, Tensor>>;

/** A function, and the shapes of what it takes. A result that is no scalar stands for the sum of its elements. */
export interface Differentiable {
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly f: (inputs: Inputs) => Tensor;
  /** Inputs are squares plus ½, not normal numbers. */
  readonly positive?: boolean;
  /** Deviation of the inputs, by name; 1 by default. */
  readonly deviation?: (name: string) => number;
  /**
   * Distance between the points of a difference, in multiples of a direction of normal numbers. At the default, 3·10⁻⁴,
   * the error is 1e-14·f⁽⁵⁾ + 1e-12·f. Functions with many kinks (ReLUs) want a shorter one, that seldom meets one.
   */
  readonly step?: number;
}

/** The derivative along a random direction, as the rules give it and as a central difference. */
export interface Comparison {
  readonly rule: number;
  readonly difference: number;
  /** Their distance by the larger one. */
  readonly error: number;
}

/** Compares the gradients of a function, one input at a time. */
export function compare(differentiable: Differentiable): Readonly<Record<string, Comparison>> {
  const graph = createGraph({ precision: 'float64' });
  signature(graph, 'check', () => comparing(graph, differentiable));
  const fetched = using(open(finish(graph)), (session) => session.call('check', feedsOf(differentiable)));
  const scalar = (key: string) => fetched[key]?.data[0] ?? Number.NaN;
  const inputs = Object.keys(differentiable.shapes);
  return Object.fromEntries(inputs.map((input) => [input, comparison(input, scalar)]));
}

/** Derivatives of a function along fed directions, both ways. */
function comparing(graph: Graph, { shapes, f, step = 3e-4 }: Differentiable): Record<string, Tensor> {
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, feed(graph, name, 'float64', shape)]),
  );
  const slopes = gradients(f(inputs), Object.values(inputs));
  const fetches: Record<string, Tensor> = {};
  Object.entries(inputs).forEach(([name, x], index) => {
    const slope = slopes[index] ?? x;
    const direction = feed(graph, `${name}.direction`, 'float64', x.shape);
    const at = (steps: number) => sum(f({ ...inputs, [name]: add(x, scale(direction, steps * step)) }));
    const across = (steps: number) => subtract(at(steps), at(-steps));
    fetches[`${name}.rule`] = sum(multiply(slope, direction));
    // Abramowitz and Stegun 25.3.21: the next term is of fourth order in the step.
    fetches[`${name}.difference`] = scale(subtract(scale(across(1), 8), across(2)), 1 / (12 * step));
  });
  return fetches;
}

function feedsOf({ shapes, positive = false, deviation = () => 1 }: Differentiable): Record<string, TensorValue> {
  const feeds: Record<string, TensorValue> = {};
  Object.entries(shapes).forEach(([name, shape], index) => {
    const values = Float64Array.from(samples(sizeOf(shape), 2 * index, deviation(name)));
    const data = positive ? values.map((value) => value * value + 0.5) : values;
    const direction = Float64Array.from(samples(sizeOf(shape), 2 * index + 1));
    feeds[name] = { dtype: 'float64', shape, data };
    feeds[`${name}.direction`] = { dtype: 'float64', shape, data: direction };
  });
  return feeds;
}

function comparison(input: string, scalar: (key: string) => number): Comparison {
  const [rule, difference] = [scalar(`${input}.rule`), scalar(`${input}.difference`)];
  const larger = Math.max(Math.abs(rule), Math.abs(difference));
  return { rule, difference, error: larger === 0 ? 0 : Math.abs(rule - difference) / larger };
}

/** Runs `use` and closes the session whatever comes of it. */
export function using<T>(session: Session, use: (session: Session) => T): T {
  try {
    return use(session);
  } finally {
    session.close();
  }
}

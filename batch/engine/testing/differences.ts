/** Checks gradients against central differences in float64, on real kernels; knows no rule. */
import { gradients } from '../autodiff/gradients.ts';
import {
  add,
  cast,
  createGraph,
  feed,
  finish,
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

/** Half the distance of the two points, along directions of normal numbers. */
const STEPS = {
  /** The error of a difference is about 1e-10: rounding 1e-16 / 1e-5, curvature 1e-5². */
  float64: 1e-5,
  /** For what has no float64 kernel. The error is about 1e-3: rounding 1e-7 / 1e-3, curvature, and kinks of ReLUs. */
  float32: 1e-3,
} as const;

export interface Comparing {
  /** Inputs are squares plus ½. */
  readonly positive?: boolean;
  readonly dtype?: keyof typeof STEPS;
  /** Deviation of the inputs, by name; 1 by default. */
  readonly deviation?: (name: string) => number;
}

/** By input: the derivative along a random direction, as the rules give it and as a central difference. */
export type Comparison = Readonly<Record<string, { readonly rule: number; readonly difference: number }>>;

/**
 * Compares the gradients of the sum of `f`'s elements, one input at a time. `f` takes tensors of `shapes`, float64 by
 * default, whose values are normal numbers.
 */
export function compare(
  shapes: Readonly<Record<string, Shape>>,
  f: (inputs: Readonly<Record<string, Tensor>>) => Tensor,
  { positive = false, dtype = 'float64', deviation = () => 1 }: Comparing = {},
): Comparison {
  const step = STEPS[dtype];
  const graph = createGraph();
  const names = Object.keys(shapes);
  signature(graph, 'check', () => {
    const fed = (name: string, shape: Shape = []) => cast(feed(graph, name, 'float32', shape), dtype);
    const inputs = Object.fromEntries(names.map((name) => [name, fed(name, shapes[name])]));
    const values = Object.values(inputs);
    const slopes = gradients(f(inputs), values);
    const fetches: Record<string, Tensor> = {};
    names.forEach((name, index) => {
      const [x, slope] = [values[index], slopes[index]];
      if (!x || !slope) throw new RangeError(name);
      const direction = fed(`${name}.direction`, shapes[name]);
      const at = (distance: number) => sum(f({ ...inputs, [name]: add(x, scale(direction, distance)) }));
      fetches[`${name}.rule`] = cast(sum(multiply(slope, direction)), 'float32');
      fetches[`${name}.difference`] = cast(scale(subtract(at(step), at(-step)), 0.5 / step), 'float32');
    });
    return fetches;
  });
  return using(open(finish(graph)), (session) => {
    const feeds: Record<string, TensorValue> = {};
    names.forEach((name, index) => {
      const shape = shapes[name] ?? [];
      const values = samples(sizeOf(shape), 2 * index, deviation(name));
      const data = positive ? values.map((value) => value * value + 0.5) : values;
      feeds[name] = { dtype: 'float32', shape, data };
      feeds[`${name}.direction`] = { dtype: 'float32', shape, data: samples(sizeOf(shape), 2 * index + 1) };
    });
    const fetched = session.call('check', feeds);
    const scalar = (key: string) => fetched[key]?.data[0] ?? Number.NaN;
    return Object.fromEntries(
      names.map((name) => [name, { rule: scalar(`${name}.rule`), difference: scalar(`${name}.difference`) }]),
    );
  });
}

/** Runs `use` and closes the session whatever comes of it. */
export function using<T>(session: Session, use: (session: Session) => T): T {
  try {
    return use(session);
  } finally {
    session.close();
  }
}

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

/** Half the distance of the two points: with float64's 1e-16 the error of a difference is about 1e-10. */
const STEP = 1e-5;

/** By input: the derivative along a random direction, as the rules give it and as a central difference. */
export type Comparison = Readonly<Record<string, { readonly rule: number; readonly difference: number }>>;

/**
 * Compares the gradients of the sum of `f`'s elements, one input at a time. `f` takes float64 tensors of `shapes`,
 * whose values are normal numbers, or their squares plus ½ where `positive`.
 */
export function compare(
  shapes: Readonly<Record<string, Shape>>,
  f: (inputs: Readonly<Record<string, Tensor>>) => Tensor,
  { positive = false }: { readonly positive?: boolean } = {},
): Comparison {
  const graph = createGraph();
  const names = Object.keys(shapes);
  signature(graph, 'check', () => {
    const fed = (name: string) => cast(feed(graph, name, 'float32', shapes[name.split('.')[0] ?? ''] ?? []), 'float64');
    const inputs = Object.fromEntries(names.map((name) => [name, fed(name)]));
    const values = Object.values(inputs);
    const slopes = gradients(f(inputs), values);
    const fetches: Record<string, Tensor> = {};
    names.forEach((name, index) => {
      const [x, slope] = [values[index], slopes[index]];
      if (!x || !slope) throw new RangeError(name);
      const direction = fed(`${name}.direction`);
      const at = (distance: number) => sum(f({ ...inputs, [name]: add(x, scale(direction, distance)) }));
      fetches[`${name}.rule`] = cast(sum(multiply(slope, direction)), 'float32');
      fetches[`${name}.difference`] = cast(scale(subtract(at(STEP), at(-STEP)), 0.5 / STEP), 'float32');
    });
    return fetches;
  });
  return using(open(finish(graph)), (session) => {
    const feeds: Record<string, TensorValue> = {};
    names.forEach((name, index) => {
      const shape = shapes[name] ?? [];
      const values = samples(sizeOf(shape), 2 * index);
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

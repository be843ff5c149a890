/** Arithmetic, activations and comparisons, element by element. */
import { outputOf } from '../../../program/graph.ts';
import { sameShape } from '../../../program/shape.ts';
import type { ElementType, Shape } from '../../../program/tensor.ts';
import { type Numbers, reshaped, type Value } from '../cpu.ts';
import type { Frame, Kernels } from '../frame.ts';

const unary =
  (kernel: string) =>
  (_: unknown, on: Frame, x: Value): Value =>
    on.run(kernel, { x });

const binary =
  (kernel: string) =>
  (_: unknown, on: Frame, a: Value, b: Value): Value =>
    on.run(kernel, { a, b });

export const elementwise = {
  add: binary('Add'),
  subtract: binary('Sub'),
  multiply: binary('Multiply'),
  divide: binary('RealDiv'),
  negate: unary('Neg'),
  square: unary('Square'),
  sqrt: unary('Sqrt'),
  rsqrt: unary('Rsqrt'),
  relu: unary('Relu'),
  // A product, as TensorFlow has it: a gradient that is not finite stays so where y is 0.
  reluGradient: (_, on, dy, y) => on.run('Multiply', { a: dy, b: isPositive(on, y) }),
  leakyRelu: (node, on, x) => on.run('LeakyRelu', { x }, { alpha: Math.fround(node.attributes.slope) }),
  leakyReluGradient: (node, on, dy, y) =>
    chosen(on, isPositive(on, y), dy, on.run('Multiply', { a: dy, b: scalar(on, node.attributes.slope) })),
  tanh: unary('Tanh'),
  tanhGradient: (_, on, y, dy) => {
    const slope = on.run('Sub', { a: scalar(on, 1), b: on.run('Square', { x: y }) });
    return on.run('Multiply', { a: dy, b: slope });
  },
  sigmoid: unary('Sigmoid'),
  softplus: unary('Softplus'),
  cast: (node, on, x) => {
    const type = outputOf(node, 0);
    return on.make(type, convert(on.numbers(x), type.dtype));
  },

  greaterEqual: binary('GreaterEqual'),
  isFinite: unary('IsFinite'),
  and: binary('LogicalAnd'),
  select: (_, on, condition, yes, no) => chosen(on, condition, yes, no),
} satisfies Partial<Kernels>;

/** A float32 number to compute with. */
export const scalar = (on: Frame, value: number): Value =>
  on.make({ dtype: 'float32', shape: [] }, Float32Array.of(value));

const isPositive = (on: Frame, y: Value): Value => on.run('Greater', { a: y, b: scalar(on, 0) });

/** `yes` or `no` by `condition`. The kernel of TF.js wants all three in one shape. */
function chosen(on: Frame, condition: Value, yes: Value, no: Value): Value {
  const rank = Math.max(...[condition, yes, no].map(({ shape }) => shape.length));
  const padded = [condition, yes, no].map(({ shape }) => [...Array<number>(rank - shape.length).fill(1), ...shape]);
  const shape = Array.from({ length: rank }, (_, axis) => {
    const lengths = padded.map((lengths) => lengths[axis] ?? 1);
    return lengths.find((length) => length !== 1) ?? 1;
  });
  return on.run('Select', {
    condition: repeated(on, condition, shape),
    t: repeated(on, yes, shape),
    e: repeated(on, no, shape),
  });
}

/** `x` along missing axes and axes of length 1 as often as `shape` says. */
export function repeated(on: Frame, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return on.share(x);
  const own = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const reps = shape.map((length, axis) => (own[axis] === length ? 1 : length));
  return on.run('Tile', { x: reshaped(on, x, own) }, { reps });
}

/** As C converts: floats are cut off, bytes wrap, and all but zero is true. */
function convert(numbers: Numbers, dtype: ElementType): Numbers {
  if (dtype === 'bool') return Uint8Array.from(numbers, (value) => Number(value !== 0));
  if (dtype === 'uint8') return Uint8Array.from(numbers);
  return dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
}

/** Small programs for every operation of the language, which all executors are held to; executes none. */
import { emit, outputOf } from '../../program/graph.ts';
import * as ops from '../../program/index.ts';
import { createGraph, type Graph, type Program, type Shape, type Tensor } from '../../program/index.ts';
import { initialise } from '../../program/init.ts';
import type { OpName } from '../../program/ops/table.ts';
import type { TensorValue } from '../../session.ts';
import { samples } from '../../testing/samples.ts';

/** What a case builds its operation of. */
interface Given {
  /** An uint8 `.npy` file of two 3×3 images, with a header of 128 bytes. */
  readonly file: string;
  readonly graph: Graph;
  /** Normal numbers, others at each call. */
  normal(shape: Shape): Tensor;
  /** At least ½. */
  positive(shape: Shape): Tensor;
  integers(...values: number[]): Tensor;
  /** The key of a stream. */
  key(): Tensor;
}

export type Case = (given: Given) => Tensor | Readonly<Record<string, Tensor>>;

const unary =
  (op: (x: Tensor) => Tensor, source: 'normal' | 'positive' = 'normal'): Case =>
  (given) =>
    op(given[source]([4, 5]));
const binary =
  (op: (a: Tensor, b: Tensor) => Tensor, source: 'normal' | 'positive' = 'normal'): Case =>
  (given) => ({
    same: op(given.normal([3, 4]), given[source]([3, 4])),
    columns: op(given.normal([3, 4]), given[source]([4])),
    scalar: op(given.normal([3, 4]), given[source]([])),
    outer: op(given.normal([3, 1]), given[source]([1, 4])),
  });
/** Images before and after a convolution, and its kernel. */
interface Convolution {
  readonly large: Shape;
  readonly small: Shape;
  readonly kernel: Shape;
  readonly sliding: ops.Sliding;
}

/** A convolution at an even and at an odd size, at every padding, of all channels or of each. */
const convolutions =
  (kind: 'all' | 'each', op: (given: Given, convolution: Convolution) => Tensor): Case =>
  (given) => {
    const at = (large: [number, number], small: [number, number], stride: number, padding: ops.Padding) =>
      op(given, {
        large: [2, ...large, 3],
        small: [2, ...small, kind === 'all' ? 5 : 3],
        kernel: kind === 'all' ? [4, 3, 3, 5] : [4, 3, 3, 1],
        sliding: { stride, padding },
      });
    const border = [
      [1, 2],
      [0, 3],
    ] as const;
    return {
      even: at([6, 4], [3, 2], 2, 'SAME'),
      odd: at([7, 5], [4, 3], 2, 'SAME'),
      dense: at([5, 4], [5, 4], 1, 'SAME'),
      valid: at([7, 6], [2, 2], 2, 'VALID'),
      explicit: at([6, 5], [3, 3], 2, border),
    };
  };
/** Windows that lie side by side, that overlap, and that stand beyond the edge. */
const poolings =
  (
    op: (
      given: Given,
      large: Shape,
      small: Shape,
      pooling: { size: number; stride: number; padding: 'SAME' | 'VALID' },
    ) => Tensor,
  ): Case =>
  (given) => ({
    halves: op(given, [2, 4, 6, 3], [2, 2, 3, 3], { size: 2, stride: 2, padding: 'SAME' }),
    edges: op(given, [2, 5, 7, 3], [2, 3, 4, 3], { size: 2, stride: 2, padding: 'SAME' }),
    overlapping: op(given, [2, 5, 6, 3], [2, 3, 3, 3], { size: 3, stride: 2, padding: 'SAME' }),
    valid: op(given, [2, 5, 6, 3], [2, 2, 2, 3], { size: 3, stride: 2, padding: 'VALID' }),
  });

/** By operation, programs that use it. The type says that none is missing. */
export const cases: Readonly<Record<OpName, Case>> = {
  constant: ({ graph }) => ({
    floats: ops.constant(graph, [1.5, -0, Number.POSITIVE_INFINITY, Number.NaN]),
    integers: ops.constant(graph, [-3, 4], [2, 1], 'int32'),
  }),
  feed: ({ normal, integers }) => ({ floats: normal([2, 3]), integers: integers(-5, 2 ** 31 - 1) }),
  read: ({ graph }) => ops.read(ops.state(graph, 'x', [5], { init: { kind: 'normal', deviation: 2 } })),
  readImages: ({ graph, file }) => ops.cast(ops.readImages(graph, file, [2, 3, 3, 1]), 'int32'),
  randomNormal: ({ key }) => ({
    odd: ops.randomNormal(key(), [5]),
    one: ops.randomNormal(key(), []),
    // More than TensorFlow gives to one thread.
    many: ops.randomNormal(key(), [3, 7001]),
  }),
  randomUniform: ({ key }) => ({ odd: ops.randomUniform(key(), [3, 3]), many: ops.randomUniform(key(), [20_003]) }),
  randomBytes: ({ key }) => ({
    odd: ops.cast(ops.randomBytes(key(), [3, 3]), 'int32'),
    many: ops.cast(ops.randomBytes(key(), [40_002]), 'int32'),
  }),

  add: binary(ops.add),
  subtract: binary(ops.subtract),
  multiply: binary(ops.multiply),
  divide: binary(ops.divide, 'positive'),
  maximum: binary(ops.maximum),
  minimum: binary(ops.minimum),
  negate: unary(ops.negate),
  square: unary(ops.square),
  sqrt: unary(ops.sqrt, 'positive'),
  rsqrt: unary(ops.rsqrt, 'positive'),
  power: ({ normal, positive }) => ({
    cube: ops.power(normal([9]), 3),
    root: ops.power(positive([9]), 0.7),
    inverse: ops.power(positive([9]), -1.5),
  }),
  exp: unary(ops.exp),
  log: unary(ops.log, 'positive'),
  sin: unary(ops.sin),
  cos: unary(ops.cos),
  erf: unary(ops.erf),
  abs: unary(ops.abs),
  sign: ({ graph, normal }) => ({ usual: ops.sign(normal([4, 5])), zero: ops.sign(ops.constant(graph, [0, 1])) }),
  floor: ({ normal }) => ops.floor(ops.scale(normal([4, 5]), 3)),
  stopGradient: unary(ops.stopGradient),
  waitFor: unary((x) => ops.waitFor(x, [ops.exp(x)])),
  relu: unary(ops.relu),
  reluGradient: ({ normal }) => ops.reluGradient(normal([4, 5]), ops.relu(normal([4, 5]))),
  leakyRelu: unary((x) => ops.leakyRelu(x, 0.2)),
  leakyReluGradient: ({ normal }) => ops.leakyReluGradient(normal([4, 5]), normal([4, 5]), 0.2),
  tanh: unary(ops.tanh),
  tanhGradient: ({ normal }) => ops.tanhGradient(ops.tanh(normal([4, 5])), normal([4, 5])),
  sigmoid: unary(ops.sigmoid),
  softplus: ({ normal }) => ({ usual: ops.softplus(normal([9])), far: ops.softplus(ops.scale(normal([9]), 50)) }),
  elu: unary(ops.elu),
  softmax: ({ normal }) => ({
    usual: ops.softmax(normal([3, 4, 5])),
    far: ops.softmax(ops.scale(normal([2, 5]), 100)),
  }),
  logSoftmax: ({ normal }) => ({
    usual: ops.logSoftmax(normal([3, 4, 5])),
    far: ops.logSoftmax(ops.scale(normal([2, 5]), 100)),
  }),
  cast: ({ graph, normal, integers }) => ({
    truncated: ops.cast(ops.scale(normal([9]), 3), 'int32'),
    floats: ops.cast(integers(-7, 0, 300), 'float32'),
    wrapped: ops.cast(ops.cast(integers(0, 255, 256, 511, 7), 'uint8'), 'int32'),
    bytes: ops.cast(ops.cast(ops.constant(graph, [0, 1.9, 254.5]), 'uint8'), 'float32'),
    flags: ops.cast(ops.cast(integers(0, 1, -2), 'bool'), 'float32'),
  }),

  greater: ({ graph, normal, integers }) => ({
    floats: ops.greater(normal([3, 4]), normal([4])),
    equal: ops.greater(ops.constant(graph, [1, 2, Number.NaN]), ops.constant(graph, [1, 1, 1])),
    integers: ops.greater(integers(1, -5), integers(1, -7)),
  }),
  greaterEqual: ({ graph, normal }) => ({
    floats: ops.greaterEqual(normal([3, 4]), normal([4])),
    equal: ops.greaterEqual(ops.constant(graph, [1, 2]), ops.constant(graph, [1, 3])),
    bytes: ops.greaterEqual(ops.constant(graph, [0, 128, 255], [3], 'uint8'), ops.constant(graph, [128], [], 'uint8')),
  }),
  equal: ({ graph, integers }) => ({
    floats: ops.equal(ops.constant(graph, [1, 2, Number.NaN, 0]), ops.constant(graph, [1, 3, Number.NaN, -0])),
    integers: ops.equal(integers(1, -5), integers(1, -7)),
  }),
  isFinite: ({ graph }) => ops.areFinite(ops.constant(graph, [1, Number.NaN, Number.NEGATIVE_INFINITY, 0])),
  and: ({ graph }) =>
    ops.and(ops.constant(graph, [0, 1, 0, 1], [2, 2], 'bool'), ops.constant(graph, [0, 1], [2], 'bool')),
  or: ({ graph }) =>
    ops.or(ops.constant(graph, [0, 1, 0, 1], [2, 2], 'bool'), ops.constant(graph, [0, 1], [2], 'bool')),
  not: ({ graph }) => ops.not(ops.constant(graph, [0, 1], [2], 'bool')),
  select: ({ graph, normal }) => {
    const flags = ops.constant(graph, [1, 0, 1], [3], 'bool');
    return {
      whole: ops.select(ops.constant(graph, [1], [], 'bool'), normal([2, 3]), normal([2, 3])),
      columns: ops.select(flags, normal([2, 3]), normal([2, 3])),
      against: ops.select(flags, normal([2, 3]), ops.constant(graph, [Number.NaN], [])),
      grown: ops.select(flags, normal([2, 1]), normal([])),
    };
  },

  argMax: ({ graph, normal }) => ({
    rows: ops.argMax(normal([3, 2, 5])),
    equals: ops.argMax(ops.constant(graph, [1, 3, 3, 2])),
  }),

  reshape: ({ normal }) => ({ flat: ops.reshape(normal([2, 3]), [6]), scalar: ops.reshape(normal([1, 1]), []) }),
  transpose: ({ normal }) => ({
    matrix: ops.transpose(normal([3, 4])),
    some: ops.transpose(normal([2, 3, 4, 5]), [0, 2, 1, 3]),
  }),
  reverse: ({ normal, integers }) => ({
    some: ops.reverse(normal([2, 3, 4]), [0, 2]),
    integers: ops.reverse(integers(1, 2, 3), [0]),
  }),
  broadcastTo: ({ graph, normal, integers }) => ({
    rows: ops.broadcastTo(normal([3, 1]), [2, 3, 4]),
    scalar: ops.filled(graph, 7, [2, 2]),
    integers: ops.broadcastTo(integers(1, 2), [2, 2]),
  }),
  sum: ({ normal }) => ({ all: ops.sum(normal([3, 4])), some: ops.sum(normal([2, 3, 4, 5]), [0, 2]) }),
  max: ({ normal }) => ({ all: ops.max(normal([3, 4])), some: ops.max(normal([2, 3, 4, 5]), [0, 2]) }),
  min: ({ normal }) => ({ all: ops.min(normal([3, 4])), some: ops.min(normal([2, 3, 4, 5]), [1, 3]) }),
  halfSquareSum: ({ normal }) => ops.halfSquareSum(normal([3, 4])),
  concat: ({ normal, integers }) => ({
    rows: ops.concat([normal([2, 3]), normal([1, 3]), normal([2, 3])]),
    columns: ops.concat([normal([2, 3]), normal([2, 1])], 1),
    integers: ops.concat([integers(1, 2), integers(3)]),
  }),
  slice: ({ normal }) => ({
    block: ops.slice(normal([4, 5, 2]), [1, 2, 0], [2, 3, 2]),
    rows: ops.rows(normal([4, 2]), 3, 1),
  }),
  pad: ({ normal }) => ops.pad(normal([2, 3]), [1, 0], [4, 5]),
  gather: ({ graph, file, normal, integers }) => ({
    rows: ops.gather(normal([4, 2, 2]), integers(3, 0, 3)),
    bytes: ops.cast(ops.gather(ops.readImages(graph, file, [2, 3, 3, 1]), integers(1, 1, 0)), 'float32'),
  }),
  scatterAdd: ({ graph, normal, integers }) => ({
    rows: ops.scatterAdd(normal([4, 2, 2]), integers(2, 0, 2, -1), 3),
    infinite: ops.scatterAdd(ops.constant(graph, [Number.POSITIVE_INFINITY, 1]), integers(1, 0), 2),
  }),

  matMul: ({ normal }) => ({
    plain: ops.matMul(normal([3, 4]), normal([4, 5])),
    left: ops.matMul(normal([4, 3]), normal([4, 5]), { transposeA: true }),
    right: ops.matMul(normal([3, 4]), normal([5, 4]), { transposeB: true }),
    both: ops.matMul(normal([4, 3]), normal([5, 4]), { transposeA: true, transposeB: true }),
    batch: ops.matMul(normal([2, 3, 4, 2]), normal([2, 3, 5, 4]), { transposeA: true, transposeB: true }),
  }),
  biasAdd: ({ normal }) => ops.biasAdd(normal([2, 3, 3, 4]), normal([4])),
  biasAddGradient: ({ normal }) => ops.biasAddGradient(normal([2, 3, 3, 4])),
  conv2d: convolutions('all', ({ normal }, { large, kernel, sliding: { stride, padding } }) =>
    ops.conv2d(normal(large), normal(kernel), stride, { padding }),
  ),
  conv2dInputGradient: convolutions('all', ({ normal }, { large, small, kernel, sliding }) =>
    ops.conv2dInputGradient(normal(small), normal(kernel), sliding, large),
  ),
  conv2dFilterGradient: convolutions('all', ({ normal }, { large, small, kernel, sliding }) =>
    ops.conv2dFilterGradient(normal(large), normal(small), sliding, kernel),
  ),
  depthwiseConv2d: convolutions('each', ({ normal }, { large, kernel, sliding: { stride, padding } }) =>
    ops.depthwiseConv2d(normal(large), normal(kernel), stride, { padding }),
  ),
  depthwiseConv2dInputGradient: convolutions('each', ({ normal }, { large, small, kernel, sliding }) =>
    ops.depthwiseConv2dInputGradient(normal(small), normal(kernel), sliding, large),
  ),
  depthwiseConv2dFilterGradient: convolutions('each', ({ normal }, { large, small, kernel, sliding }) =>
    ops.depthwiseConv2dFilterGradient(normal(large), normal(small), sliding, kernel),
  ),
  batchNorm: ({ normal }) => {
    const { y, mean, variance } = ops.batchNorm(normal([3, 2, 2, 4]), normal([4]), normal([4]), 1e-3);
    return { y, mean, variance };
  },
  batchNormGradient: ({ graph, normal }) => {
    const [dy, x, gain] = [normal([3, 2, 2, 4]), normal([3, 2, 2, 4]), normal([4])];
    const { y } = ops.batchNorm(x, gain, normal([4]), 1e-3);
    const saved = [3, 4, 5].map((index) => outputOf(y.node, index));
    const node = emit(graph, 'batchNormGradient', [dy, x, gain, ...saved], { epsilon: 1e-3 }, [x, gain, gain]);
    return { dx: outputOf(node, 0), dGain: outputOf(node, 1), dBias: outputOf(node, 2) };
  },
  batchNormInference: ({ normal, positive }) => {
    const statistics = { gain: normal([4]), bias: normal([4]), mean: normal([4]), variance: positive([4]) };
    return ops.batchNormInference(normal([3, 2, 2, 4]), statistics, 1e-3);
  },

  upsampleNearest: ({ normal }) => ({
    double: ops.upsampleNearest(normal([2, 3, 4, 3])),
    sevenfold: ops.upsampleNearest(normal([1, 3, 5, 1]), 7),
  }),
  averagePool: poolings(({ normal }, large, _, { size, ...options }) => ops.averagePool(normal(large), size, options)),
  averagePoolGradient: poolings(({ normal }, large, small, pooling) =>
    ops.averagePoolGradient(normal(small), pooling, large),
  ),
  depthToSpace: ({ normal }) => ({
    two: ops.depthToSpace(normal([2, 3, 2, 8]), 2),
    three: ops.depthToSpace(normal([1, 2, 2, 9]), 3),
  }),
  spaceToDepth: ({ normal }) => ({
    two: ops.spaceToDepth(normal([2, 4, 6, 3]), 2),
    three: ops.spaceToDepth(normal([1, 3, 6, 2]), 3),
  }),

  assign: ({ graph, normal }) => {
    const x = ops.state(graph, 'x', [2, 3], { init: { kind: 'uniform', limit: 0.5 } });
    const before = ops.current(x);
    const next = ops.update(before, ops.add(ops.read(before), normal([2, 3])));
    return { before: ops.read(before), after: ops.read(next) };
  },
  adam: ({ graph, normal }) => {
    const declare = (name: string) => ops.state(graph, name, [2, 3], { init: { kind: 'uniform', limit: 0.5 } });
    const [weight, first] = [declare('weight'), declare('first')];
    const second = ops.state(graph, 'second', [2, 3], { init: { kind: 'fill', value: 0.3 } });
    const versions = { weight: ops.current(weight), first: ops.current(first), second: ops.current(second) };
    const number = (value: number) => ops.constant(graph, [value], []);
    const rates = { rate: number(0.01), beta1: number(0.5), beta2: number(0.99), epsilon: number(1e-8) };
    const next = ops.adamUpdate(versions, normal([2, 3]), rates);
    return { weight: ops.read(next.weight), first: ops.read(next.first), second: ops.read(next.second) };
  },
};

/** A program whose signature `case` is the case, and what to feed it with. */
export function buildCase(make: Case, file: string): { program: Program; feeds: Record<string, TensorValue> } {
  const graph = createGraph();
  const feeds: Record<string, TensorValue> = {};
  const feed = ({ dtype, shape, data }: TensorValue): Tensor => {
    const name = `feed${Object.keys(feeds).length}`;
    feeds[name] = { dtype, shape, data };
    return ops.feed(graph, name, dtype, shape);
  };
  const numbers = (shape: Shape) => samples(ops.sizeOf(shape), Object.keys(feeds).length);
  const integers = (...values: number[]) =>
    feed({ dtype: 'int32', shape: [values.length], data: Int32Array.from(values) });
  const given: Given = {
    graph,
    file,
    normal: (shape) => feed({ dtype: 'float32', shape, data: numbers(shape) }),
    positive: (shape) => feed({ dtype: 'float32', shape, data: numbers(shape).map((value) => value * value + 0.5) }),
    integers,
    key: () => ops.streamKey(integers(20140610, -3, 7), `stream${Object.keys(feeds).length}`),
  };
  ops.signature(graph, 'case', () => {
    const made = make(given);
    return 'node' in made ? { y: made as Tensor } : (made as Readonly<Record<string, Tensor>>);
  });
  initialise(graph, 5);
  return { program: ops.finish(graph), feeds };
}

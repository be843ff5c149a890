/** Every operation of the language on the portable executor, against TensorFlow. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../../infra/test/temporary-folder.ts';
import { emit, outputOf } from '../../program/graph.ts';
import * as ops from '../../program/index.ts';
import { createGraph, type Graph, type Program, type Shape, type Tensor } from '../../program/index.ts';
import { initialise } from '../../program/init.ts';
import type { OpName } from '../../program/ops/table.ts';
import type { Session, TensorValue } from '../../session.ts';
import { using } from '../../testing/differences.ts';
import { open } from '../../testing/native.ts';
import { samples } from '../../testing/samples.ts';
import { openPortable } from './session.ts';

/** What a case builds its operation of. */
interface Given {
  readonly graph: Graph;
  /** Normal numbers, others at each call. */
  normal(shape: Shape): Tensor;
  /** At least ½. */
  positive(shape: Shape): Tensor;
  integers(...values: number[]): Tensor;
  /** The key of a stream. */
  key(): Tensor;
}

type Case = (given: Given) => Tensor | Readonly<Record<string, Tensor>>;

const file = join(temporaryFolder(), 'images.npy');
writeFileSync(
  file,
  Uint8Array.from({ length: 128 + 2 * 3 * 3 * 1 }, (_, at) => (at * 71) % 256),
);

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
/** A convolution's images and kernel at an even and at an odd size, and what a stride of 2 makes of them. */
const atSizes =
  (op: (given: Given, image: Shape, half: Shape, stride: number) => Tensor): Case =>
  (given) => ({
    even: op(given, [2, 6, 4, 3], [2, 3, 2, 5], 2),
    odd: op(given, [2, 7, 5, 3], [2, 4, 3, 5], 2),
    dense: op(given, [2, 5, 4, 3], [2, 5, 4, 5], 1),
  });
const kernel = [4, 4, 3, 5] as const;

/** By operation, programs that use it. The type says that none is missing. */
const cases: Readonly<Record<OpName, Case>> = {
  constant: ({ graph }) => ({
    floats: ops.constant(graph, [1.5, -0, Number.POSITIVE_INFINITY, Number.NaN]),
    integers: ops.constant(graph, [-3, 4], [2, 1], 'int32'),
  }),
  feed: ({ normal, integers }) => ({ floats: normal([2, 3]), integers: integers(-5, 2 ** 31 - 1) }),
  read: ({ graph }) => ops.read(ops.state(graph, 'x', [5], { init: { kind: 'normal', deviation: 2 } })),
  readImages: ({ graph }) => ops.cast(ops.readImages(graph, file, [2, 3, 3, 1]), 'int32'),
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
  negate: unary(ops.negate),
  square: unary(ops.square),
  sqrt: unary(ops.sqrt, 'positive'),
  rsqrt: unary(ops.rsqrt, 'positive'),
  relu: unary(ops.relu),
  reluGradient: ({ normal }) => ops.reluGradient(normal([4, 5]), ops.relu(normal([4, 5]))),
  leakyRelu: unary((x) => ops.leakyRelu(x, 0.2)),
  leakyReluGradient: ({ normal }) => ops.leakyReluGradient(normal([4, 5]), normal([4, 5]), 0.2),
  tanh: unary(ops.tanh),
  tanhGradient: ({ normal }) => ops.tanhGradient(ops.tanh(normal([4, 5])), normal([4, 5])),
  sigmoid: unary(ops.sigmoid),
  softplus: ({ normal }) => ({ usual: ops.softplus(normal([9])), far: ops.softplus(ops.scale(normal([9]), 50)) }),
  cast: ({ graph, normal, integers }) => ({
    truncated: ops.cast(ops.scale(normal([9]), 3), 'int32'),
    floats: ops.cast(integers(-7, 0, 300), 'float32'),
    wrapped: ops.cast(ops.cast(integers(0, 255, 256, 511, 7), 'uint8'), 'int32'),
    bytes: ops.cast(ops.cast(ops.constant(graph, [0, 1.9, 254.5]), 'uint8'), 'float32'),
    flags: ops.cast(ops.cast(integers(0, 1, -2), 'bool'), 'float32'),
  }),

  greaterEqual: ({ graph, normal }) => ({
    floats: ops.greaterEqual(normal([3, 4]), normal([4])),
    equal: ops.greaterEqual(ops.constant(graph, [1, 2]), ops.constant(graph, [1, 3])),
    bytes: ops.greaterEqual(ops.constant(graph, [0, 128, 255], [3], 'uint8'), ops.constant(graph, [128], [], 'uint8')),
  }),
  isFinite: ({ graph }) => ops.areFinite(ops.constant(graph, [1, Number.NaN, Number.NEGATIVE_INFINITY, 0])),
  and: ({ graph }) =>
    ops.and(ops.constant(graph, [0, 1, 0, 1], [2, 2], 'bool'), ops.constant(graph, [0, 1], [2], 'bool')),
  select: ({ graph, normal }) => {
    const flags = ops.constant(graph, [1, 0, 1], [3], 'bool');
    return {
      whole: ops.select(ops.constant(graph, [1], [], 'bool'), normal([2, 3]), normal([2, 3])),
      columns: ops.select(flags, normal([2, 3]), normal([2, 3])),
      against: ops.select(flags, normal([2, 3]), ops.constant(graph, [Number.NaN], [])),
      grown: ops.select(flags, normal([2, 1]), normal([])),
    };
  },

  reshape: ({ normal }) => ({ flat: ops.reshape(normal([2, 3]), [6]), scalar: ops.reshape(normal([1, 1]), []) }),
  broadcastTo: ({ graph, normal, integers }) => ({
    rows: ops.broadcastTo(normal([3, 1]), [2, 3, 4]),
    scalar: ops.filled(graph, 7, [2, 2]),
    integers: ops.broadcastTo(integers(1, 2), [2, 2]),
  }),
  sum: ({ normal }) => ({ all: ops.sum(normal([3, 4])), some: ops.sum(normal([2, 3, 4, 5]), [0, 2]) }),
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
  gather: ({ graph, normal, integers }) => ({
    rows: ops.gather(normal([4, 2, 2]), integers(3, 0, 3)),
    bytes: ops.cast(ops.gather(ops.readImages(graph, file, [2, 3, 3, 1]), integers(1, 1, 0)), 'float32'),
  }),

  matMul: ({ normal }) => ({
    plain: ops.matMul(normal([3, 4]), normal([4, 5])),
    left: ops.matMul(normal([4, 3]), normal([4, 5]), { transposeA: true }),
    right: ops.matMul(normal([3, 4]), normal([5, 4]), { transposeB: true }),
    both: ops.matMul(normal([4, 3]), normal([5, 4]), { transposeA: true, transposeB: true }),
  }),
  biasAdd: ({ normal }) => ops.biasAdd(normal([2, 3, 3, 4]), normal([4])),
  biasAddGradient: ({ normal }) => ops.biasAddGradient(normal([2, 3, 3, 4])),
  conv2d: atSizes(({ normal }, image, _, stride) => ops.conv2d(normal(image), normal(kernel), stride)),
  conv2dInputGradient: atSizes(({ normal }, image, half, stride) =>
    ops.conv2dInputGradient(normal(half), normal(kernel), stride, image),
  ),
  conv2dFilterGradient: atSizes(({ normal }, image, half, stride) =>
    ops.conv2dFilterGradient(normal(image), normal(half), stride, kernel),
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
function build(make: Case): { program: Program; feeds: Record<string, TensorValue> } {
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

const twice = (session: Session, feeds: Record<string, TensorValue>) => {
  session.call('init');
  return [session.call('case', feeds), session.call('case', feeds)];
};

/** Operations that round nothing, or round only once and the same way everywhere. */
const EXACT: ReadonlySet<OpName> = new Set<OpName>([
  ...(['constant', 'feed', 'readImages', 'randomUniform', 'randomBytes'] as const),
  ...(['add', 'subtract', 'multiply', 'divide', 'negate', 'square', 'relu', 'reluGradient', 'cast'] as const),
  ...(['leakyRelu', 'leakyReluGradient', 'greaterEqual', 'isFinite', 'and', 'select'] as const),
  ...(['reshape', 'broadcastTo', 'concat', 'slice', 'pad', 'gather', 'biasAdd'] as const),
]);
/** Of the others: sums of a few dozen products of numbers around 1, in float32, make some tens of 2⁻²⁴. */
const TOLERANCE = 5e-6;

describe('the portable executor and TensorFlow agree on', () => {
  test.each(Object.entries(cases) as [OpName, Case][])('%s', (op, make) => {
    const { program, feeds } = build(make);
    expect(program.nodes.map((node) => node.op)).toContain(op);
    const expected = using(open(program), (session) => twice(session, feeds));
    const portable = openPortable(program, { readFile: readFileSync });
    const actual = using(portable, (session) => twice(session, feeds));
    actual.forEach((fetches, call) => {
      for (const [name, value] of Object.entries(fetches)) compare(op, name, value, expected[call]?.[name]);
    });
    expect(portable.handles()).toBe(0);
  });
});

function compare(op: OpName, name: string, { data, ...type }: TensorValue, expected: TensorValue | undefined): void {
  expect(type).toEqual({ dtype: expected?.dtype, shape: expected?.shape });
  if (EXACT.has(op)) {
    expect(data, name).toEqual(expected?.data);
    return;
  }
  const worst = Array.from(data).reduce((worst, number, at) => {
    const other = expected?.data[at] ?? Number.NaN;
    return Math.max(worst, Math.abs(number - other) / (1 + Math.abs(other)));
  }, 0);
  expect(worst, name).toBeLessThan(TOLERANCE);
}

/** What operations give, on real TensorFlow in float64, against closed forms and small pictures. */
import { describe, expect, test } from 'vitest';
import type { TensorValue } from '../../session.ts';
import { using } from '../../testing/differences.ts';
import { open } from '../../testing/native.ts';
import { samples } from '../../testing/samples.ts';
import * as ops from '../index.ts';
import { constant, createGraph, finish, type Graph, type Shape, signature, type Tensor } from '../index.ts';

/** Results by name of what `build` makes of arrays in C order. */
function evaluate(build: (array: (values: readonly number[], shape?: Shape) => Tensor, graph: Graph) => ops.Tensor) {
  const graph = createGraph({ precision: 'float64' });
  signature(graph, 'call', () => ({
    y: build((values, shape = [values.length]) => constant(graph, values, shape), graph),
  }));
  return using(open(finish(graph)), (session) => session.call('call').y as TensorValue);
}

function expectValues({ data }: TensorValue, expected: readonly number[]): void {
  expect(data).toHaveLength(expected.length);
  expected.forEach((value, at) => {
    expect(data[at], `element ${at}`).toBeCloseTo(value, 12);
  });
}

const range = (length: number) => Array.from({ length }, (_, index) => index);

const points = [-2, -0.5, 0, 0.5, 1, 3];
/** Of the normal distribution, from tables. */
const PHI = new Map([
  [-2, 0.0227501319481792],
  [-0.5, 0.308537538725987],
  [0, 0.5],
  [0.5, 0.691462461274013],
  [1, 0.841344746068543],
  [3, 0.99865010196837],
]);
const phi = (x: number) => PHI.get(x) ?? Number.NaN;

const judged = (condition: Tensor) => ops.cast(condition, 'float32');
const between = (x: Tensor) => {
  const [above, below, beyond] = [0.5, -0.5, 1].map((limit) => ops.scalarLike(x, limit)) as [Tensor, Tensor, Tensor];
  return ops.or(ops.and(ops.greater(x, above), ops.not(ops.greater(x, beyond))), ops.lessEqual(x, below));
};

describe('element by element', () => {
  test.each<[string, (x: Tensor) => Tensor, (x: number) => number]>([
    ['exp', ops.exp, Math.exp],
    ['log', (x) => ops.log(ops.exp(x)), (x) => x],
    ['sin', ops.sin, Math.sin],
    ['cos', ops.cos, Math.cos],
    ['erf', (x) => ops.erf(ops.scale(x, Math.SQRT1_2)), (x) => 2 * phi(x) - 1],
    ['abs', ops.abs, Math.abs],
    ['sign', ops.sign, Math.sign],
    ['floor', ops.floor, Math.floor],
    ['power 3', (x) => ops.power(x, 3), (x) => x ** 3],
    ['power 2', (x) => ops.power(x, 2), (x) => x ** 2],
    ['power 1', (x) => ops.power(x, 1), (x) => x],
    ['power 0', (x) => ops.power(x, 0), () => 1],
    ['power 0.3', (x) => ops.power(ops.abs(x), 0.3), (x) => Math.abs(x) ** 0.3],
    ['clip', (x) => ops.clip(x, -1, 2), (x) => Math.min(Math.max(x, -1), 2)],
    ['elu', ops.elu, (x) => (x > 0 ? x : Math.expm1(x))],
    ['silu', ops.silu, (x) => x / (1 + Math.exp(-x))],
    ['gelu', ops.gelu, (x) => x * phi(x)],
    ['softplus, far out', (x) => ops.softplus(ops.scale(x, 1000)), (x) => (x === 0 ? Math.LN2 : Math.max(1000 * x, 0))],
    ['leakyRelu', (x) => ops.leakyRelu(x, 0.1), (x) => (x > 0 ? x : 0.1 * x)],
    ['stopGradient', ops.stopGradient, (x) => x],
    ['cast to int32 and back', (x) => ops.cast(ops.cast(x, 'int32'), 'float32'), Math.trunc],
    [
      'cast to uint8 and back',
      (x) => ops.cast(ops.cast(ops.abs(x), 'uint8'), 'float32'),
      (x) => Math.trunc(Math.abs(x)),
    ],
    ['greater', (x) => judged(ops.greater(x, ops.scalarLike(x, 0.5))), (x) => Number(x > 0.5)],
    ['greaterEqual', (x) => judged(ops.greaterEqual(x, ops.scalarLike(x, 0.5))), (x) => Number(x >= 0.5)],
    ['less', (x) => judged(ops.less(x, ops.scalarLike(x, 0.5))), (x) => Number(x < 0.5)],
    ['lessEqual', (x) => judged(ops.lessEqual(x, ops.scalarLike(x, 0.5))), (x) => Number(x <= 0.5)],
    ['equal', (x) => judged(ops.equal(x, ops.scalarLike(x, 0.5))), (x) => Number(x === 0.5)],
    ['notEqual', (x) => judged(ops.notEqual(x, ops.scalarLike(x, 0.5))), (x) => Number(x !== 0.5)],
    ['and, or, not', (x) => judged(between(x)), (x) => Number(x === 1 || x <= -0.5)],
  ])('%s', (_, build, expected) => {
    expectValues(
      evaluate((array) => build(array(points))),
      points.map(expected),
    );
  });

  test('maximum and minimum broadcast', () => {
    expectValues(
      evaluate((array) => ops.maximum(array([1, 5], [2, 1]), array([0, 3, 9]))),
      [1, 3, 9, 5, 5, 9],
    );
    expectValues(
      evaluate((array) => ops.minimum(array([1, 5], [2, 1]), array([0, 3, 9]))),
      [0, 1, 1, 0, 3, 5],
    );
  });

  test('comparisons take integers', () => {
    const y = evaluate((_, graph) =>
      ops.greaterEqual(constant(graph, [1, 2, 3], [3], 'int32'), constant(graph, [2], [1], 'int32')),
    );
    expect(y).toEqual({ dtype: 'bool', shape: [3], data: Uint8Array.of(0, 1, 1) });
  });
});

describe('along rows', () => {
  const rows = [1, 2, 3, 1000, 1000, 999];
  const weights = [1, Math.E, Math.E ** 2].map((weight) => weight / (1 + Math.E + Math.E ** 2));
  const far = [1, 1, 1 / Math.E].map((weight) => weight / (2 + 1 / Math.E));

  test('softmax, also of large numbers', () => {
    expectValues(
      evaluate((array) => ops.softmax(array(rows, [2, 3]))),
      [...weights, ...far],
    );
  });
  test('logSoftmax, also of large numbers', () => {
    expectValues(
      evaluate((array) => ops.logSoftmax(array(rows, [2, 3]))),
      [...weights, ...far].map(Math.log),
    );
  });
  test('argMax gives the first of equals', () => {
    const y = evaluate((array) => ops.argMax(array(rows, [2, 3])));
    expect(y).toEqual({ dtype: 'int32', shape: [2], data: Int32Array.of(2, 0) });
  });
  test('oneHot leaves out what is beyond its depth', () => {
    const y = evaluate((_, graph) => ops.oneHot(constant(graph, [2, 0, 3, -1], [4], 'int32'), 3));
    expect(y.shape).toEqual([4, 3]);
    expectValues(y, [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
  test('max and min over any axes', () => {
    const values = [1, 8, 3, -4, 5, 6, 7, 2];
    expectValues(
      evaluate((array) => ops.max(array(values, [2, 2, 2]), [0, 2])),
      [8, 7],
    );
    expectValues(
      evaluate((array) => ops.min(array(values, [2, 2, 2]), [1])),
      [1, -4, 5, 2],
    );
    expectValues(
      evaluate((array) => ops.max(array(values, [2, 2, 2]))),
      [8],
    );
  });
});

describe('places', () => {
  const six = [1, 2, 3, 4, 5, 6];

  test('transpose', () => {
    const y = evaluate((array) => ops.transpose(array(six, [1, 2, 3]), [2, 0, 1]));
    expect(y.shape).toEqual([3, 1, 2]);
    expectValues(y, [1, 4, 2, 5, 3, 6]);
    expectValues(
      evaluate((array) => ops.transpose(array(six, [2, 3]))),
      [1, 4, 2, 5, 3, 6],
    );
  });
  test('reverse', () => {
    expectValues(
      evaluate((array) => ops.reverse(array(six, [2, 3]), [1])),
      [3, 2, 1, 6, 5, 4],
    );
  });
  test('split', () => {
    expectValues(
      evaluate((array) => ops.concat(ops.split(array(six, [2, 3]), 3, 1).toReversed(), 1)),
      [3, 2, 1, 6, 5, 4],
    );
  });
  test('gather and scatterAdd', () => {
    const indices = (graph: Graph) => constant(graph, [2, 0, 2], [3], 'int32');
    expectValues(
      evaluate((array, graph) => ops.gather(array(six, [3, 2]), indices(graph))),
      [5, 6, 1, 2, 5, 6],
    );
    expectValues(
      evaluate((array, graph) => ops.scatterAdd(array(six, [3, 2]), indices(graph), 4)),
      [3, 4, 0, 0, 6, 8, 0, 0],
    );
  });
  test('scatterAdd adds in one order: the same bits each time', () => {
    const [count, rows] = [20_000, 7];
    const graph = createGraph();
    signature(graph, 'call', () => {
      const key = ops.streamKey(constant(graph, [1, 2, 3], [3], 'int32'), 'rows');
      const indices = constant(
        graph,
        range(count).map((index) => (index * index) % rows),
        [count],
        'int32',
      );
      return { y: ops.scatterAdd(ops.randomNormal(key, [count, 5]), indices, rows) };
    });
    using(open(finish(graph)), (session) => {
      const first = session.call('call');
      for (let call = 0; call < 10; call++) expect(session.call('call')).toEqual(first);
    });
  });
  test('padReflect mirrors at the edge without repeating it', () => {
    const y = evaluate((array) => ops.padReflect(array(six, [1, 2, 3, 1]), { top: 1, bottom: 0, left: 2, right: 1 }));
    expect(y.shape).toEqual([1, 3, 6, 1]);
    expectValues(y, [...[6, 5, 4, 5, 6, 5], ...[3, 2, 1, 2, 3, 2], ...[6, 5, 4, 5, 6, 5]]);
  });
  test('padZero', () => {
    const y = evaluate((array) => ops.padZero(array([1, 2], [1, 1, 2, 1]), { top: 0, bottom: 1, left: 1, right: 0 }));
    expect(y.shape).toEqual([1, 2, 3, 1]);
    expectValues(y, [0, 1, 2, 0, 0, 0]);
  });
});

test('matMul multiplies matrices, batch by batch, transposed where asked', () => {
  const left = [1, 2, 3, 4, 5, 6, 7, 8];
  const right = [1, -1, 2, 0];
  expectValues(
    evaluate((array) => ops.matMul(array(left, [2, 2, 2]), array(right, [2, 2, 1]))),
    [-1, -1, 10, 14],
  );
  expectValues(
    evaluate((array) =>
      ops.matMul(array(left, [2, 2, 2]), array(right, [2, 1, 2]), { transposeA: true, transposeB: true }),
    ),
    [-2, -2, 10, 12],
  );
});

/** Four axes in C order. */
interface Block {
  readonly shape: readonly [number, number, number, number];
  readonly data: readonly number[];
}
const block = (shape: Block['shape'], stream: number): Block => ({
  shape,
  data: [
    ...samples(
      shape.reduce((a, b) => a * b),
      stream,
    ),
  ],
});

/** A convolution by its definition, with zeros around. */
function convolve(
  { shape: [n, height, width, depth], data }: Block,
  { shape: [kernelHeight, kernelWidth, inputs, outputs], data: kernel }: Block,
  stride: number,
  [top, left]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): number[] {
  const groups = depth / inputs;
  const pixel = (image: number, y: number, x: number, channel: number) =>
    y < 0 || x < 0 || y >= height || x >= width ? 0 : (data[((image * height + y) * width + x) * depth + channel] ?? 0);
  const weight = (i: number, j: number, input: number, output: number) =>
    kernel[((i * kernelWidth + j) * inputs + input) * outputs + output] ?? 0;
  const result = (image: number, row: number, column: number, output: number) => {
    const group = Math.floor(output / (outputs / groups));
    let sum = 0;
    for (const i of range(kernelHeight)) {
      for (const j of range(kernelWidth)) {
        for (const k of range(inputs)) {
          const seen = pixel(image, row * stride + i - top, column * stride + j - left, group * inputs + k);
          sum += seen * weight(i, j, k, output);
        }
      }
    }
    return sum;
  };
  return range(n).flatMap((image) =>
    range(rows).flatMap((row) =>
      range(columns).flatMap((column) => range(outputs).map((output) => result(image, row, column, output))),
    ),
  );
}

describe('convolutions', () => {
  const images = block([2, 5, 7, 4], 1);
  const kernel = block([3, 4, 4, 6], 2);
  const grouped = block([3, 4, 2, 6], 2);
  const each = block([3, 4, 1, 4], 2);
  const padding = [
    [2, 1],
    [0, 3],
  ] as const;

  test.each<[string, Block, number, ops.ConvolutionOptions, [number, number], [number, number]]>([
    ['SAME by default', kernel, 1, {}, [1, 1], [5, 7]],
    ['stride 2', kernel, 2, {}, [1, 1], [3, 4]],
    ['VALID', kernel, 2, { padding: 'VALID' }, [0, 0], [2, 2]],
    ['explicit', kernel, 2, { padding }, [2, 0], [3, 4]],
    ['groups', grouped, 2, { groups: 2 }, [1, 1], [3, 4]],
    ['groups, explicit', grouped, 1, { groups: 2, padding }, [2, 0], [6, 7]],
  ])('conv2d, %s', (_, weights, stride, options, before, sides) => {
    const y = evaluate((array) =>
      ops.conv2d(array(images.data, images.shape), array(weights.data, weights.shape), stride, options),
    );
    expect(y.shape).toEqual([2, ...sides, 6]);
    expectValues(y, convolve(images, weights, stride, before, sides));
  });

  // In groups of one channel, the two kernels lie in memory alike.
  test.each<[string, number, ops.ConvolutionOptions, [number, number], [number, number]]>([
    ['SAME by default', 2, {}, [1, 1], [3, 4]],
    ['explicit', 2, { padding }, [2, 0], [3, 4]],
  ])('depthwiseConv2d, %s', (_, stride, options, before, sides) => {
    const y = evaluate((array) =>
      ops.depthwiseConv2d(array(images.data, images.shape), array(each.data, [3, 4, 4, 1]), stride, options),
    );
    expect(y.shape).toEqual([2, ...sides, 4]);
    expectValues(y, convolve(images, each, stride, before, sides));
  });

  test.each<[string, Block, ops.ConvolutionOptions, Shape]>([
    ['SAME', kernel, {}, [2, 3, 4, 6]],
    ['explicit', kernel, { padding }, [2, 3, 4, 6]],
    ['groups', block([3, 4, 2, 6], 3), { groups: 2 }, [2, 3, 4, 6]],
  ])('conv2dTranspose is the adjoint of conv2d, %s', (_, weights, options, small) => {
    const other = samples(ops.sizeOf(small), 4);
    const y = evaluate((array) => {
      const x = array(images.data, images.shape);
      const k = array(weights.data, weights.shape);
      const result = array([...other], small);
      const up = ops.conv2dTranspose(result, k, 2, { height: 5, width: 7 }, options);
      const products = [ops.multiply(ops.conv2d(x, k, 2, options), result), ops.multiply(x, up)];
      return ops.concat(products.map((product) => ops.reshape(ops.sum(product), [1])));
    });
    expect(Math.abs(y.data[0] ?? 0)).toBeGreaterThan(1);
    expect(y.data[0]).toBeCloseTo(y.data[1] ?? Number.NaN, 10);
  });
});

describe('sizes of images', () => {
  const four = [1, 2, 3, 4];

  test('upsampleNearest repeats pixels, by any factor', () => {
    expectValues(
      evaluate((array) => ops.upsampleNearest(array(four, [1, 2, 2, 1]))),
      [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4],
    );
    // 41 is the first factor whose inverse, times itself, is less than 1 in float32.
    expectValues(
      evaluate((array) => ops.upsampleNearest(array([5, 7], [1, 1, 2, 1]), 41)),
      range(41).flatMap(() => [...Array<number>(41).fill(5), ...Array<number>(41).fill(7)]),
    );
  });
  test('averagePool counts no pixel beyond the edge', () => {
    const y = evaluate((array) => ops.averagePool(array([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])));
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expectValues(y, [3, 4.5, 7.5, 9]);
    const valid = { stride: 1, padding: 'VALID' } as const;
    expectValues(
      evaluate((array) => ops.averagePool(array([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]), 2, valid)),
      [3, 4, 6, 7],
    );
  });
  test('depthToSpace lays channels out as pixels, and spaceToDepth takes them back', () => {
    const values = range(16);
    const y = evaluate((array) => ops.depthToSpace(array(values, [1, 1, 2, 8]), 2));
    expect(y.shape).toEqual([1, 2, 4, 2]);
    expectValues(y, [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15]);
    expectValues(
      evaluate((array) => ops.spaceToDepth(ops.depthToSpace(array(values, [1, 1, 2, 8]), 2), 2)),
      values,
    );
  });
  test('upsample spreads a pixel by its filter, whose sum is the square of the factor', () => {
    const taps = [0, 0.25, 0.75, 0.75, 0.25, 0];
    const y = evaluate((array) => ops.upsample(array([0, 0, 0, 0, 1, 0, 0, 0, 0], [1, 3, 3, 1])));
    expect(y.shape).toEqual([1, 6, 6, 1]);
    expectValues(
      y,
      taps.flatMap((row) => taps.map((column) => row * column)),
    );
  });
  test('upsample and downsample keep a constant, away from the edges', () => {
    const flat = Array<number>(7 * 7 * 2).fill(3);
    const interior = (x: Tensor, side: number) => ops.slice(x, [0, 1, 1, 0], [1, side - 2, side - 2, 2]);
    const same = [
      evaluate((array) => interior(ops.upsample(array(flat, [1, 7, 7, 2])), 14)),
      evaluate((array) => interior(ops.downsample(array(flat, [1, 7, 7, 2])), 4)),
      evaluate((array) => interior(ops.blur(array(flat, [1, 7, 7, 2]), [1, 2, 1]), 7)),
    ];
    for (const y of same) expectValues(y, Array<number>(y.data.length).fill(3));
  });
  test('upsample reaches odd sides, those that downsample would halve', () => {
    const y = evaluate((array) => ops.upsample(array(range(16), [1, 4, 4, 1]), 2, [1, 2, 1], { height: 7, width: 8 }));
    expect(y.shape).toEqual([1, 7, 8, 1]);
  });
});

test('batch norm written out has mean 0 and variance 1, and tells the unbiased variance', () => {
  const values = [...samples(24)];
  const statistics = (pick: 'mean' | 'variance') =>
    evaluate((array) => ops.composedBatchNorm(array(values, [12, 2]), array([1, 1]), array([0, 0]), 1e-9)[pick]);
  const y = evaluate((array) => ops.composedBatchNorm(array(values, [12, 2]), array([2, 1]), array([5, 0]), 1e-9).y);
  for (const channel of [0, 1]) {
    const of = ({ data }: { readonly data: ArrayLike<number> }) =>
      Array.from(data).filter((_, at) => at % 2 === channel);
    const average = (numbers: number[]) => numbers.reduce((a, b) => a + b) / numbers.length;
    const own = of({ data: values });
    const spread = own.reduce((sum, value) => sum + (value - average(own)) ** 2, 0);
    expect(statistics('mean').data[channel]).toBeCloseTo(average(own), 12);
    expect(statistics('variance').data[channel]).toBeCloseTo(spread / 11, 12);
    const [gain, bias] = channel === 0 ? [2, 5] : [1, 0];
    const normal = own.map((value) => (value - average(own)) / Math.sqrt(spread / 12 + 1e-9));
    of(y).forEach((value, at) => {
      expect(value).toBeCloseTo(gain * (normal[at] ?? Number.NaN) + bias, 11);
    });
  }
});

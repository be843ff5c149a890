/** Each alternative against the plain operation on real TensorFlow: values, gradients, and where it is used. */
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { gradients } from '../../autodiff/gradients.ts';
import { openSession } from '../../executors/open.ts';
import { outputOf } from '../../program/graph.ts';
import {
  cast,
  conv2dInputGradient,
  createGraph,
  feed,
  finish,
  type Padding,
  type Shape,
  signature,
  sizeOf,
  square,
  sum,
} from '../../program/index.ts';
import { transform } from '../../program/transform.ts';
import type { TensorValue } from '../../session.ts';
import { using } from '../../testing/differences.ts';
import { nativeDir } from '../../testing/native.ts';
import { samples } from '../../testing/samples.ts';
import { byAlternatives } from '../optimise.ts';
import type { Alternative } from './alternative.ts';
import { foldedConvolution } from './folded-convolution.ts';
import { alternatives } from './index.ts';
import { summedColumns } from './summed-columns.ts';

const BATCH = 2;

/** A transposed convolution of stride 2 with its gradients of both orders. */
function programOf({ maps, kernel, image, padding = 'SAME' }: Case) {
  const graph = createGraph();
  signature(graph, 'call', () => {
    const x = feed(graph, 'maps', 'float32', [BATCH, ...maps]);
    const weights = feed(graph, 'kernel', 'float32', kernel);
    const drawn = conv2dInputGradient(x, weights, { stride: 2, padding }, [BATCH, ...image]);
    const [toMaps = x, toKernel = weights] = gradients(sum(square(drawn)), [x, weights]);
    // The slope of this one contains the slope of a slope: what R1's gradient needs of a first layer.
    const [second = weights] = gradients(sum(square(toMaps)), [weights]);
    return { drawn, toMaps, toKernel, second };
  });
  return finish(graph);
}

interface Case {
  /** Without the batch. */
  readonly maps: Shape;
  readonly image: Shape;
  readonly kernel: Shape;
  readonly padding?: Padding;
}

const cases: Record<string, Case> = {
  'even sides': { maps: [4, 6, 5], image: [8, 12, 1], kernel: [4, 4, 1, 5] },
  'odd sides': { maps: [4, 3, 5], image: [7, 5, 1], kernel: [4, 4, 1, 5] },
  'one even, one odd side, two channels': { maps: [4, 3, 5], image: [8, 5, 2], kernel: [4, 4, 2, 5] },
  'a kernel of odd side': { maps: [3, 4, 6], image: [6, 7, 2], kernel: [3, 3, 2, 6] },
  'a kernel of two sides': { maps: [3, 4, 6], image: [6, 8, 1], kernel: [4, 3, 1, 6] },
  'explicit padding': {
    maps: [4, 4, 3],
    image: [8, 9, 2],
    kernel: [4, 4, 2, 3],
    padding: [
      [1, 1],
      [0, 1],
    ],
  },
  'no padding': { maps: [3, 3, 3], image: [8, 8, 2], kernel: [4, 4, 2, 3], padding: 'VALID' },
  'a single pixel': { maps: [1, 1, 4], image: [1, 2, 1], kernel: [4, 4, 1, 4] },
  'three channels': { maps: [4, 5, 6], image: [8, 9, 3], kernel: [4, 4, 3, 6] },
  'four channels, a larger kernel': { maps: [4, 5, 6], image: [7, 10, 4], kernel: [5, 6, 4, 6] },
};

const within = (shape: Shape, channels: number, kernel: number) => (shape[2] ?? 0) <= channels && kernel <= 4;
const used: [string, Alternative<unknown>, (one: Case) => boolean][] = [
  [summedColumns.name, summedColumns, ({ image, kernel }) => within(image, 2, Math.max(...kernel.slice(0, 2)))],
  [foldedConvolution.name, foldedConvolution, () => true],
];

describe.each(used)('%s', (_, alternative, fits) => {
  test.each(Object.entries(cases))('%s: the values and gradients of the plain operation', (_, one) => {
    const program = programOf(one);
    const passes = [byAlternatives([alternative])];
    const copy = transform(program, byAlternatives([alternative])());
    const left = copy.nodes.filter(
      ({ op, attributes }) => op === 'conv2dInputGradient' && 'stride' in attributes && attributes.stride === 2,
    );
    expect(left.length).toBe(fits(one) ? 0 : 2);
    const value = (shape: Shape, stream: number): TensorValue => ({
      dtype: 'float32',
      shape,
      data: samples(sizeOf(shape), stream),
    });
    const feeds = { maps: value([BATCH, ...one.maps], 1), kernel: value(one.kernel, 2) };
    const call = (use: typeof passes) =>
      using(openSession(program, { nativeDir, workDir: tmpdir(), passes: use }), (session) =>
        session.call('call', feeds),
      );
    const [plain, other] = [call([]), call(passes)];
    for (const name of Object.keys(plain)) {
      const [expected, found] = [plain[name]?.data ?? [], other[name]?.data ?? []];
      const scale = Math.max(...expected.map(Math.abs));
      expect(scale, name).toBeGreaterThan(0);
      // Sums of some hundred products, in another order: a few units in the last place of the largest.
      found.forEach((element, at) => {
        expect(Math.abs(element - (expected[at] ?? Number.NaN)), name).toBeLessThan(2e-6 * scale);
      });
    }
  });
  test('is used where it was measured to be cheaper by a tenth or more, and only there', () => {
    expect(alternative.measured.rows.length).toBeGreaterThan(5);
    for (const { size, plain, other } of alternative.measured.rows) {
      const graph = createGraph();
      signature(graph, 'call', () => {
        const { node } = alternative.example(size, (name, shape) => feed(graph, name, 'float32', shape));
        const isCheaper = other < 0.9 * plain;
        expect(alternative.fits(node), JSON.stringify(size)).toBe(isCheaper);
        // No other one, of which less is known here, comes before it.
        const taken = alternatives.find((one) => one.fits(node));
        if (isCheaper) expect(taken?.name, JSON.stringify(size)).toBe(alternative.name);
        return { shown: outputOf(node, 0) };
      });
    }
  });
});

test.each<[string, Partial<Case> & { readonly dtype?: 'float64'; readonly stride?: number }]>([
  ['an image that its kernel does not cover', { maps: [3, 3, 3], image: [9, 8, 1], padding: 'VALID' }],
  ['five channels', { image: [8, 8, 5], kernel: [4, 4, 5, 3] }],
  ['a kernel that does not overlap itself', { kernel: [2, 2, 1, 3] }],
  ['a kernel that overlaps itself one way only', { kernel: [4, 2, 1, 3] }],
  ['a stride of one', { maps: [8, 8, 3], stride: 1 }],
  ['float64, which checks the plain operation', { dtype: 'float64' }],
])('%s is left alone', (_, change) => {
  const one = { maps: [4, 4, 3], image: [8, 8, 1], kernel: [4, 4, 1, 3], padding: 'SAME' as Padding, ...change };
  const graph = createGraph();
  signature(graph, 'call', () => {
    const { dtype = 'float32', stride = 2, padding } = one;
    const x = cast(feed(graph, 'maps', 'float32', [BATCH, ...one.maps]), dtype);
    const kernel = cast(feed(graph, 'kernel', 'float32', one.kernel), dtype);
    const { node } = conv2dInputGradient(x, kernel, { stride, padding }, [BATCH, ...one.image]);
    expect(alternatives.filter((alternative) => alternative.fits(node))).toEqual([]);
    return { shown: outputOf(node, 0) };
  });
});

/** The paired convolution against the plain one on real TensorFlow: values, and where it is used. */
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { openSession } from '../../executors/open.ts';
import { outputOf } from '../../program/graph.ts';
import {
  cast,
  conv2d,
  createGraph,
  feed,
  finish,
  type Padding,
  type Shape,
  signature,
  sizeOf,
} from '../../program/index.ts';
import { transform } from '../../program/transform.ts';
import type { DType, TensorValue } from '../../session.ts';
import { using } from '../../testing/differences.ts';
import { nativeDir } from '../../testing/native.ts';
import { samples } from '../../testing/samples.ts';
import { byAlternatives } from '../optimise.ts';
import { pairedConvolution } from './paired-convolution.ts';

const BATCH = 2;

interface Case {
  /** Without the batch. */
  readonly maps: Shape;
  readonly kernel: Shape;
  readonly padding?: Padding;
}

function programOf({ maps, kernel, padding = 'SAME' }: Case) {
  const graph = createGraph();
  signature(graph, 'call', () => {
    const x = feed(graph, 'maps', 'float32', [BATCH, ...maps]);
    return { drawn: conv2d(x, feed(graph, 'kernel', 'float32', kernel), 1, { padding }) };
  });
  return finish(graph);
}

const cases: Record<string, Case> = {
  'even sides': { maps: [6, 8, 5], kernel: [3, 3, 5, 3] },
  'odd sides': { maps: [7, 5, 5], kernel: [3, 3, 5, 1] },
  'one even, one odd side': { maps: [6, 5, 4], kernel: [3, 3, 4, 2] },
  'a kernel of even sides': { maps: [6, 7, 4], kernel: [4, 4, 4, 3] },
  'a kernel of two sides': { maps: [6, 7, 4], kernel: [5, 3, 4, 4] },
  'no padding': { maps: [6, 7, 4], kernel: [3, 3, 4, 3], padding: 'VALID' },
  'explicit padding': {
    maps: [6, 7, 4],
    kernel: [3, 4, 4, 3],
    padding: [
      [2, 0],
      [0, 3],
    ],
  },
  'a single pixel': { maps: [1, 1, 4], kernel: [3, 3, 4, 3] },
};

const passes = [byAlternatives([pairedConvolution])];

describe('a paired convolution', () => {
  test.each(Object.entries(cases))('has the values of the plain one: %s', (_, one) => {
    const program = programOf(one);
    const plain = program.nodes.find(({ op }) => op === 'conv2d');
    const copy = transform(program, byAlternatives([pairedConvolution])());
    expect(copy.nodes.some(({ op }) => op === 'depthToSpace')).toBe(true);
    expect(plain && pairedConvolution.fits(plain)).toBe(true);
    const value = (shape: Shape, stream: number): TensorValue => ({
      dtype: 'float32',
      shape,
      data: samples(sizeOf(shape), stream),
    });
    const feeds = { maps: value([BATCH, ...one.maps], 1), kernel: value(one.kernel, 2) };
    const call = (use: typeof passes) =>
      using(openSession(program, { nativeDir, workDir: tmpdir(), passes: use }), (session) => {
        return [...(session.call('call', feeds).drawn?.data ?? [])];
      });
    const [expected, found] = [call([]), call(passes)];
    expect(found.length).toBe(expected.length);
    const scale = Math.max(...expected.map(Math.abs));
    expect(scale).toBeGreaterThan(0);
    // Sums of some dozen products, in another order: a few units in the last place of the largest.
    found.forEach((element, at) => {
      expect(Math.abs(element - (expected[at] ?? Number.NaN))).toBeLessThan(2e-6 * scale);
    });
  });

  test('is used where it was measured to be cheaper by a tenth or more, and only there', () => {
    expect(pairedConvolution.measured.rows.length).toBeGreaterThan(5);
    for (const { size, plain, other } of pairedConvolution.measured.rows) {
      const graph = createGraph();
      signature(graph, 'call', () => {
        const { node } = pairedConvolution.example(size, (name, shape) => feed(graph, name, 'float32', shape));
        expect(pairedConvolution.fits(node), JSON.stringify(size)).toBe(other < 0.9 * plain);
        return { shown: outputOf(node, 0) };
      });
    }
  });

  test.each<[string, { readonly stride?: number; readonly dtype?: DType; readonly channels?: number }]>([
    ['a stride of two', { stride: 2 }],
    ['five channels', { channels: 5 }],
    ['float64, which checks the plain operation', { dtype: 'float64' }],
  ])('%s is left alone', (_, { stride = 1, dtype = 'float32', channels = 3 }) => {
    const graph = createGraph();
    signature(graph, 'call', () => {
      const x = cast(feed(graph, 'maps', 'float32', [BATCH, 8, 8, 4]), dtype);
      const { node } = conv2d(x, cast(feed(graph, 'kernel', 'float32', [3, 3, 4, channels]), dtype), stride);
      expect(pairedConvolution.fits(node)).toBe(false);
      return { shown: outputOf(node, 0) };
    });
  });
});

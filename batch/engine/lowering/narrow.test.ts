/** Products in bfloat16 against the same program in float32: what is rounded, what is not, and how far whole steps move. */
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { nonSaturating } from '../../losses/adversarial.ts';
import { judge } from '../../losses/judgement.ts';
import { gradients } from '../autodiff/gradients.ts';
import { instructionSet } from '../executors/numerics.ts';
import { portable } from '../executors/testing/executors.ts';
import { buildToy, stepToy, toySpecs } from '../executors/testing/toys.ts';
import {
  add,
  cast,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  createGraph,
  feed,
  finish,
  leakyRelu,
  matMul,
  type Program,
  reshape,
  type Shape,
  scale,
  signature,
  sizeOf,
  type Tensor,
} from '../program/index.ts';
import type { AnyNode } from '../program/tensor.ts';
import type { TensorValue } from '../session.ts';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import { samples } from '../testing/samples.ts';
import type { Layout } from './functions.ts';
import { optimise, passesFor } from './optimise.ts';

const BATCH = 4;
const SHAPES = { k1: [4, 4, 2, 6], k2: [4, 4, 6, 8], w: [2 * 2 * 8, 3], head: [3, 1] } as const;
const IMAGES = { real: [BATCH, 8, 8, 2], fake: [BATCH, 8, 8, 2] } as const;

/** Loss, R1 and the gradients of each to a small D, whose layers have `activate` between them. */
function penalised(activate: (x: Tensor) => Tensor): Program {
  const graph = createGraph();
  signature(graph, 'call', () => {
    const fed = (shapes: Readonly<Record<string, Shape>>) =>
      Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, feed(graph, name, 'float32', shape)]));
    const { k1, k2, w, head } = fed(SHAPES) as Record<keyof typeof SHAPES, Tensor>;
    const discriminate = (images: Tensor) => {
      const maps = activate(conv2d(activate(conv2d(images, k1, 2)), k2, 2));
      const features = reshape(maps, [maps.shape[0] ?? 0, 2 * 2 * 8]);
      return matMul(activate(matMul(features, w)), head);
    };
    const images = fed(IMAGES) as Record<keyof typeof IMAGES, Tensor>;
    const { logits, penalties } = judge(discriminate, images, { sight: 'image', penalised: ['real'] });
    const loss = nonSaturating.discriminator(logits.real, logits.fake);
    const penalty = penalties.real ?? loss;
    const weights = { k1, k2, w, head };
    const to = (name: string, y: Tensor) => {
      const found = gradients(y, Object.values(weights));
      return Object.keys(weights).map((weight, index) => [`${name}/${weight}`, found[index] ?? y] as const);
    };
    return {
      ...{ loss, penalty, real: logits.real },
      ...Object.fromEntries([...to('penalty', penalty), ...to('both', add(loss, scale(penalty, 0.7)))]),
    };
  });
  return finish(graph);
}

const feeds = Object.fromEntries(
  Object.entries({ ...SHAPES, ...IMAGES }).map(([name, shape], stream): [string, TensorValue] => {
    const data = samples(sizeOf(shape), stream, name in SHAPES ? 0.3 : 1);
    return [name, { dtype: 'float32', shape, data }];
  }),
);

const call = (program: Program, precision: 'FP32' | 'BF16', layout: Layout = 'flat') =>
  using(open(program, { precision, layout }), (session) => session.call('call', feeds));

const ones = (shape: Shape): TensorValue => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(sizeOf(shape)).fill(1),
});

const narrowed = (program: Program): readonly AnyNode[] =>
  optimise(program, passesFor('BF16')).nodes.filter(({ outputs }) => outputs.some(({ dtype }) => dtype === 'bfloat16'));
const PRODUCTS = ['conv2d', 'conv2dFilterGradient', 'conv2dInputGradient', 'matMul'];

/** The nearest number of bfloat16; of two, the even one. */
function toBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = ((bits[0] ?? 0) + 0x7fff + (((bits[0] ?? 0) >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0] ?? Number.NaN;
}

/** ‖a - b‖ / ‖b‖. */
function distance(a: TensorValue | undefined, { data }: TensorValue): number {
  let [apart, length] = [0, 0];
  data.forEach((value, at) => {
    apart += ((a?.data[at] ?? Number.NaN) - value) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(apart / length);
}

/** Enough examples that batch norm does not divide by next to nothing. */
const specs = toySpecs.map((spec) => ({ ...spec, batchSize: 32 }));

describe.each(specs)('a toy $model.architecture', (spec) => {
  const program = buildToy(spec, temporaryFolder());

  test('has products in bfloat16 and nothing else', () => {
    const nodes = narrowed(program);
    expect(nodes.filter(({ op }) => op !== 'cast' && !PRODUCTS.includes(op))).toEqual([]);
    expect(nodes.filter(({ op }) => PRODUCTS.includes(op)).length).toBeGreaterThan(5);
    const all = optimise(program, passesFor('BF16')).nodes;
    // What a product gives is float32 again before anybody sees it.
    const readers = all.filter(({ inputs }) => inputs.some(({ dtype }) => dtype === 'bfloat16'));
    for (const { op, inputs } of readers) {
      if (op === 'cast') expect(PRODUCTS).toContain(inputs[0]?.node.op);
      else for (const { node } of inputs) expect(node.op).toBe('cast');
    }
    for (const { op, attributes, inputs } of all.filter(({ op }) => op === 'adam')) {
      if (op !== 'adam' || !('weight' in attributes)) continue;
      expect([inputs[0]?.dtype, inputs[0]?.shape]).toEqual(['float32', attributes.weight.shape]);
    }
  });

  /**
   * How far a rounding carries depends on the step: here batch norm and the kinks of ReLUs make a tenth of the generator's
   * gradient out of 2⁻⁹ of a weight. So what float32 itself makes of weights that are rounded is the measure. All factors
   * are, and results, which are three roundings in place of one, in four networks, one behind the other; a product left
   * out, or of other factors, is beyond that by orders of magnitude.
   */
  test('makes the step of float32 but for the rounding of its factors', () => {
    const step = (precision: 'FP32' | 'BF16', change: (data: TensorValue['data']) => TensorValue['data']) =>
      using(open(program, { precision }), (session) => {
        session.call('init');
        session.write(
          new Map([...session.read()].map(([name, value]) => [name, { ...value, data: change(value.data) }])),
        );
        const row = stepToy(session, spec, 1);
        return { row, state: session.read() };
      });
    const exact = step('FP32', (data) => data);
    const weights = step('FP32', (data) => Float32Array.from(data, toBfloat16));
    const rounded = step('BF16', (data) => data);
    for (const [name, value] of exact.state) {
      if (!name.endsWith('/first')) continue;
      const [measure, far] = [weights, rounded].map(({ state }) => distance(state.get(name), value)) as [
        number,
        number,
      ];
      expect(far, name).toBeLessThan(3 * measure + 0.01);
      expect(far, name).toBeGreaterThan(1e-4);
    }
    for (const name of ['lossD', 'lossG']) {
      expect(distance(rounded.row[name], exact.row[name] as TensorValue), name).toBeLessThan(0.01);
    }
  });

  test('is refused by the portable executor, in a sentence', () => {
    expect(() => portable.open(optimise(program, passesFor('BF16')))).toThrow(/no bfloat16: compute in FP32/);
  });
});

describe('a penalty', () => {
  /** Its slope is the same whatever the images: rounding on the way to the logits does not reach it. */
  const linear = penalised((x) => x);
  const bent = penalised((x) => leakyRelu(x, 0.2));

  test('and its gradient are those of float32 to the bit, while the loss is not', () => {
    const [exact, rounded] = [call(linear, 'FP32'), call(linear, 'BF16')];
    for (const name of ['penalty', ...Object.keys(SHAPES).map((weight) => `penalty/${weight}`)]) {
      expect(rounded[name], name).toEqual(exact[name]);
    }
    expect(rounded.real).not.toEqual(exact.real);
    expect(rounded['both/k1']).not.toEqual(exact['both/k1']);
  });

  test('leaves the passes that it does not need in bfloat16', () => {
    const left = narrowed(bent).map(({ op }) => op);
    for (const op of PRODUCTS) expect(left).toContain(op);
  });

  test('of a bent D is near, as is the gradient of both', () => {
    const [exact, rounded] = [call(bent, 'FP32'), call(bent, 'BF16')];
    const far = Object.entries(exact).map(([name, value]) => [name, distance(rounded[name], value)] as const);
    expect(far.filter(([, share]) => !(share < 0.05))).toEqual([]);
  });

  test.each([
    ['functions', 0],
    // Rounds elsewhere, as XLA sums and fuses otherwise.
    ['xla', 0.05],
  ] as const)('and the gradient of both are near laid out as %s', (layout, allowed) => {
    const [flat, laid] = [call(bent, 'BF16'), call(bent, 'BF16', layout)];
    const far = Object.entries(flat).map(([name, value]) => [name, distance(laid[name], value)] as const);
    expect(far.filter(([, share]) => !(share <= allowed))).toEqual([]);
  });
});

test('sums of products have all digits, and only their result is rounded', () => {
  const graph = createGraph();
  const valid = { stride: 1, padding: 'VALID' } as const;
  const shapes: Record<string, Shape> = {
    ...{ a: [2, 1024], b: [1024, 2], x: [1, 8, 8, 64], kernel: [4, 4, 64, 2] },
    ...{ dy: [1, 5, 5, 64], back: [4, 4, 2, 64], images: [4, 19, 19, 2], maps: [4, 16, 16, 2] },
  };
  signature(graph, 'call', () => {
    const { a, b, x, kernel, dy, back, images, maps } = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, feed(graph, name, 'float32', shape)]),
    ) as Record<string, Tensor> as Record<'a' | 'b' | 'x' | 'kernel' | 'dy' | 'back' | 'images' | 'maps', Tensor>;
    return {
      matMul: matMul(a, b),
      conv2d: conv2d(x, kernel, 1, { padding: 'VALID' }),
      conv2dInputGradient: conv2dInputGradient(dy, back, valid, [1, 8, 8, 2]),
      conv2dFilterGradient: conv2dFilterGradient(images, maps, valid, [4, 4, 2, 2]),
    };
  });
  const program = finish(graph);
  expect(narrowed(program).filter(({ op }) => PRODUCTS.includes(op)).length).toBe(4);
  const found = using(open(program, { precision: 'BF16' }), (session) =>
    session.call('call', Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, ones(shape)]))),
  );
  // 1024 ones: a sum in bfloat16 would stay at 256, where another one is less than its last digit.
  const summing = PRODUCTS.filter((op) => op !== 'conv2dFilterGradient' || /avx512/.test(instructionSet()));
  for (const op of summing) expect(Math.max(...(found[op]?.data ?? [])), op).toBe(1024);
});

test('a gradient through bfloat16 has the type and the shape of what it is a gradient to', () => {
  const graph = createGraph();
  signature(graph, 'call', () => {
    const [x, kernel] = [feed(graph, 'x', 'float32', [2, 4, 4, 3]), feed(graph, 'kernel', 'float32', [3, 3, 3, 5])];
    const y = cast(conv2d(cast(x, 'bfloat16'), cast(kernel, 'bfloat16'), 2), 'float32');
    const [toX = y, toKernel = y] = gradients(y, [x, kernel]);
    expect([toX.dtype, toX.shape, toKernel.dtype, toKernel.shape]).toEqual([
      ...['float32', x.shape],
      ...['float32', kernel.shape],
    ]);
    return { toX, toKernel };
  });
  const { toKernel } = using(open(finish(graph)), (session) =>
    session.call('call', { x: ones([2, 4, 4, 3]), kernel: ones([3, 3, 3, 5]) }),
  );
  // Two images, four windows in each; those at the lower edges look at padding in their last row and column.
  expect([toKernel?.data[0], toKernel?.data.at(-1)]).toEqual([8, 2]);
});

test('products of float64 keep all their digits', () => {
  const graph = createGraph({ precision: 'float64' });
  signature(graph, 'call', () => {
    const x = feed(graph, 'x', 'float32', [3, 3]);
    return { y: matMul(x, x) };
  });
  expect(narrowed(finish(graph))).toEqual([]);
});

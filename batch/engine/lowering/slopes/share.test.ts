/** D's gradients with shared passes against those without, in float64, and how many passes are left. */
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { nonSaturating } from '../../../losses/adversarial.ts';
import { judge, type Kind } from '../../../losses/judgement.ts';
import { gradients } from '../../autodiff/gradients.ts';
import { openSession } from '../../executors/open.ts';
import {
  add,
  averagePool,
  biasAdd,
  cast,
  conv2d,
  createGraph,
  feed,
  finish,
  leakyRelu,
  matMul,
  mean,
  type Program,
  relu,
  reshape,
  type Shape,
  scale,
  signature,
  sizeOf,
  subtract,
  type Tensor,
  tanh,
} from '../../program/index.ts';
import { using } from '../../testing/differences.ts';
import { executor, nativeDir } from '../../testing/native.ts';
import { samples } from '../../testing/samples.ts';
import { optimise, type Pass } from '../optimise.ts';
import { shareSlopes } from './share.ts';

const BATCH = 4;
const IMAGE = [8, 7, 2] as const;
type Weights = Readonly<Record<string, Tensor>>;

interface Network {
  readonly shapes: Readonly<Record<string, Shape>>;
  judge(images: Tensor, weights: Weights): Tensor;
}

const of = (weights: Weights, name: string): Tensor => {
  const weight = weights[name];
  if (!weight) throw new RangeError(name);
  return weight;
};
const flatten = (x: Tensor) => reshape(x, [x.shape[0] ?? 0, sizeOf(x.shape.slice(1))]);

const convolutions = { k1: [4, 4, 2, 3], b1: [3], k2: [4, 4, 3, 5], b2: [5], head: [2 * 2 * 5, 1], end: [1] };

function convolutional(activate: (x: Tensor, layer: string) => Tensor): Network {
  return {
    shapes: convolutions,
    judge(images, weights) {
      const first = activate(biasAdd(conv2d(images, of(weights, 'k1'), 2), of(weights, 'b1')), '1');
      const second = activate(biasAdd(conv2d(first, of(weights, 'k2'), 2), of(weights, 'b2')), '2');
      return biasAdd(matMul(flatten(second), of(weights, 'head')), of(weights, 'end'));
    },
  };
}

const leaky = (x: Tensor) => leakyRelu(x, 0.2);
const networks: Record<string, Network> = {
  'leaky ReLU': convolutional(leaky),
  ReLU: convolutional(relu),
  'tanh, which is curved': convolutional(tanh),
  'dense layers': {
    shapes: { w1: [sizeOf(IMAGE), 6], b1: [6], w2: [6, 5], head: [5, 1] },
    judge: (images, weights) => {
      const first = leaky(biasAdd(matMul(flatten(images), of(weights, 'w1')), of(weights, 'b1')));
      return matMul(leaky(matMul(first, of(weights, 'w2'))), of(weights, 'head'));
    },
  },
  'a residual block and pooling': {
    shapes: { k1: [3, 3, 2, 4], k2: [3, 3, 4, 4], head: [4 * 4 * 4, 1] },
    judge: (images, weights) => {
      const start = conv2d(images, of(weights, 'k1'), 1);
      const block = add(start, leaky(conv2d(leaky(start), of(weights, 'k2'), 1)));
      return matMul(flatten(averagePool(block)), of(weights, 'head'));
    },
  },
  'rows that see each other': {
    shapes: { k1: [4, 4, 2, 3], head: [4 * 4 * 3, 1] },
    judge: (images, weights) => {
      const first = leaky(conv2d(images, of(weights, 'k1'), 2));
      return matMul(flatten(leaky(subtract(first, mean(first, [0])))), of(weights, 'head'));
    },
  },
};

interface Penalties {
  readonly penalised: readonly Kind[];
  readonly fraction?: number;
}

/** Loss and gradients of a D whose weights and images are fed. */
function programOf({ shapes, judge: discriminate }: Network, penalties: Penalties): Program {
  const graph = createGraph();
  signature(graph, 'call', () => {
    const fed = (name: string, shape: Shape) => cast(feed(graph, name, 'float32', shape), 'float64');
    const weights = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, fed(name, shape)]));
    const images = { real: fed('real', [BATCH, ...IMAGE]), fake: fed('fake', [BATCH, ...IMAGE]) };
    const judged = judge((seen) => discriminate(seen, weights), images, { sight: 'image', ...penalties });
    const loss = Object.values(judged.penalties).reduce(
      (total, penalty) => add(total, scale(penalty, 0.7)),
      nonSaturating.discriminator(judged.logits.real, judged.logits.fake),
    );
    const slopes = gradients(loss, Object.values(weights));
    const named = Object.keys(weights).map((name, index) => [name, slopes[index] ?? loss] as const);
    return { loss, ...Object.fromEntries(named) };
  });
  return finish(graph);
}

function call(program: Program, shapes: Network['shapes'], passes: readonly Pass[]) {
  const all: Record<string, Shape> = { ...shapes, real: [BATCH, ...IMAGE], fake: [BATCH, ...IMAGE] };
  const feeds = Object.entries(all).map(([name, shape], stream) => {
    const data = samples(sizeOf(shape), stream, name in shapes ? 0.4 : 1);
    return [name, { dtype: 'float32', shape, data }] as const;
  });
  return using(openSession(program, { nativeDir, executor, workDir: tmpdir(), passes }), (session) =>
    session.call('call', Object.fromEntries(feeds)),
  );
}

const uses: Penalties[] = [
  { penalised: ['real'] },
  { penalised: ['real', 'fake'] },
  { penalised: ['real', 'fake'], fraction: 0.5 },
];

describe.each(Object.entries(networks))('%s', (_, network) => {
  test.each(uses)('%j: loss and gradients stay', (penalties) => {
    const program = programOf(network, penalties);
    const [plain, shared] = [call(program, network.shapes, []), call(program, network.shapes, [shareSlopes])];
    for (const name of ['loss', ...Object.keys(network.shapes)]) {
      const [expected, found] = [plain[name]?.data ?? [], shared[name]?.data ?? []];
      const largest = Math.max(...expected.map(Math.abs));
      expect(largest, name).toBeGreaterThan(0);
      expect(found.length).toBe(expected.length);
      found.forEach((value, at) => {
        expect(Math.abs(value - (expected[at] ?? Number.NaN)), name).toBeLessThan(1e-12 * largest);
      });
    }
  });
});

describe('what is left', () => {
  const count = (program: Program, op: string) => program.nodes.filter((node) => node.op === op).length;
  const left = (network: Network, penalties: Penalties) => {
    const program = programOf(network, penalties);
    const ops = ['conv2d', 'conv2dInputGradient', 'conv2dFilterGradient'];
    return [optimise(program, []), optimise(program, [shareSlopes])].map((one) => ops.map((op) => count(one, op)));
  };

  test('of R1 and R2: one pass forth, one back, one for the penalty, and one product a kernel', () => {
    const [plain, shared] = left(convolutional(leaky), { penalised: ['real', 'fake'] });
    expect(plain).toEqual([4, 3, 4]);
    expect(shared).toEqual([4, 2, 2]);
  });

  test('of R1: the same for real images, and for generated ones what the loss needs', () => {
    const [plain, shared] = left(convolutional(leaky), { penalised: ['real'] });
    expect(plain).toEqual([6, 4, 6]);
    expect(shared).toEqual([6, 3, 4]);
  });

  test('of a D that mixes rows: all', () => {
    const mixing = networks['rows that see each other'] as Network;
    const [plain, shared] = left(mixing, { penalised: ['real', 'fake'] });
    expect(shared).toEqual(plain);
  });
});

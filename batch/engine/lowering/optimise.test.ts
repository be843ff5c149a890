/** The passes together: each finds what it is for, whatever those before it have made of the program. */
import { expect, test } from 'vitest';
import { nonSaturating } from '../../losses/adversarial.ts';
import { judge } from '../../losses/judgement.ts';
import { gradients } from '../autodiff/gradients.ts';
import { add, conv2d, createGraph, feed, finish, leakyRelu, matMul, reshape, signature } from '../program/index.ts';
import type { OpName } from '../program/ops/table.ts';
import type { Program } from '../program/program.ts';
import { alternatives } from './alternatives/index.ts';
import { byAlternatives, optimise, PASSES, type Pass } from './optimise.ts';
import { shareSlopes } from './slopes/share.ts';

const BATCH = 4;
const IMAGE = [8, 8, 1] as const;

/** The gradients of a small D under R1 and R2, whose slopes end in images of one channel. */
function penalisedStep(): Program {
  const graph = createGraph();
  signature(graph, 'call', () => {
    const fed = (name: string, shape: readonly number[]) => feed(graph, name, 'float32', shape);
    const weights = [fed('k1', [4, 4, 1, 3]), fed('k2', [4, 4, 3, 5]), fed('head', [2 * 2 * 5, 1])] as const;
    const [k1, k2, head] = weights;
    const discriminate = (images: typeof k1) => {
      const maps = leakyRelu(conv2d(leakyRelu(conv2d(images, k1, 2), 0.2), k2, 2), 0.2);
      return matMul(reshape(maps, [maps.shape[0] ?? 0, 2 * 2 * 5]), head);
    };
    const images = { real: fed('real', [BATCH, ...IMAGE]), fake: fed('fake', [BATCH, ...IMAGE]) };
    const { logits, penalties } = judge(discriminate, images, { sight: 'image', penalised: ['real', 'fake'] });
    const loss = Object.values(penalties).reduce(add, nonSaturating.discriminator(logits.real, logits.fake));
    const [toK1 = loss, toK2 = loss, toHead = loss] = gradients(loss, weights);
    return { toK1, toK2, toHead };
  });
  return finish(graph);
}

const program = penalisedStep();
const after = (passes: readonly Pass[]) => optimise(program, passes).nodes;
const count = (op: OpName, passes: readonly Pass[]) => after(passes).filter((node) => node.op === op).length;
const cheaperElsewhere = (passes: readonly Pass[]) =>
  after(passes).filter((node) => alternatives.some((alternative) => alternative.fits(node))).length;

test('slopes are shared, and what is left is computed in the cheapest way', () => {
  expect(count('conv2dFilterGradient', [shareSlopes])).toBeLessThan(count('conv2dFilterGradient', []));
  expect(count('conv2dFilterGradient', PASSES)).toBe(count('conv2dFilterGradient', [shareSlopes]));
  expect(cheaperElsewhere([shareSlopes])).toBeGreaterThan(0);
  expect(cheaperElsewhere(PASSES)).toBe(0);
});

test('of two ways that fit, the first is taken', () => {
  const [first, second] = alternatives.map((one) => ({ ...one, fits: alternatives[0]?.fits ?? one.fits }));
  if (!first || !second) throw new Error('there are no two');
  const ops = (passes: readonly Pass[]) => after(passes).map(({ op }) => op);
  const [one, other] = [ops([byAlternatives([first])]), ops([byAlternatives([second])])];
  expect(one).not.toEqual(other);
  expect(ops([byAlternatives([first, second])])).toEqual(one);
  expect(ops([byAlternatives([second, first])])).toEqual(other);
});

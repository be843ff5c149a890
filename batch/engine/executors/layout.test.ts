/** A program as one function for each signature, and compiled by XLA, against the flat graph; on the CPU. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { inLayout, type Layout } from '../lowering/functions.ts';
import { lower } from '../lowering/lower.ts';
import {
  cast,
  createGraph,
  feed,
  finish,
  type Program,
  randomBytes,
  randomNormal,
  randomUniform,
  scale,
  signature,
  streamKey,
} from '../program/index.ts';
import type { OpName } from '../program/ops/table.ts';
import type { Session, TensorValue } from '../session.ts';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import { buildCase, type Case, cases } from './testing/operations.ts';

const file = join(temporaryFolder(), 'images.npy');
writeFileSync(
  file,
  Uint8Array.from({ length: 128 + 2 * 3 * 3 }, (_, at) => (at * 71) % 256),
);

/** Two calls, so that what the first one left in the state is seen, and the state after them. */
const results = (program: Program, layout: Layout, feeds: Record<string, TensorValue>) =>
  using(open(program, { layout }), (session: Session) => {
    session.call('init');
    return [session.call('case', feeds), session.call('case', feeds), Object.fromEntries(session.read())];
  });

/** Operations of which XLA makes other numbers. */
const DRAWN: readonly string[] = ['randomNormal', 'randomUniform', 'randomBytes'] satisfies OpName[];
const all = Object.entries(cases) as [OpName, Case][];

test.each(all)('%s in a function is the same to the bit', (_, make) => {
  const { program, feeds } = buildCase(make, file);
  expect(results(program, 'functions', feeds)).toEqual(results(program, 'flat', feeds));
});

test.each(all.filter(([op]) => !DRAWN.includes(op)))('%s compiled by XLA is the same within rounding', (_, make) => {
  const { program, feeds } = buildCase(make, file);
  const actual = results(program, 'xla', feeds);
  results(program, 'flat', feeds).forEach((values, call) => {
    for (const [name, value] of Object.entries(values)) {
      // Sums of a few dozen products of numbers around 1, in float32, make some tens of 2⁻²⁴.
      expect(worstOf(value, actual[call]?.[name])).toBeLessThan(5e-6);
    }
  });
});

/** The largest difference, relative to what is above 1. */
function worstOf({ data }: TensorValue, other: TensorValue | undefined): number {
  return Array.from(data).reduce((worst, value, at) => {
    const compared = other?.data[at] ?? Number.NaN;
    return Math.max(worst, Object.is(value, compared) ? 0 : Math.abs(value - compared) / (1 + Math.abs(value)));
  }, 0);
}

test('random numbers compiled by XLA follow their key, and have the moments they should', () => {
  const graph = createGraph();
  signature(graph, 'draw', () => {
    const key = feed(graph, 'key', 'int32', [3]);
    const bytes = cast(randomBytes(streamKey(key, 'bytes'), [4000]), 'float32');
    return {
      normal: randomNormal(streamKey(key, 'normal'), [4000]),
      uniform: randomUniform(streamKey(key, 'uniform'), [4000]),
      bytes: scale(bytes, 1 / 255),
    };
  });
  using(open(finish(graph), { layout: 'xla' }), (session) => {
    const draw = (step: number) =>
      session.call('draw', { key: { dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, step) } });
    const first = draw(1);
    expect(draw(1)).toEqual(first);
    expect(draw(2)).not.toEqual(first);
    for (const [name, mean, variance] of [
      ['normal', 0, 1],
      ['uniform', 1 / 2, 1 / 12],
      ['bytes', 1 / 2, 257 / 255 / 12],
    ] as const) {
      const values = [...(first[name]?.data ?? [])];
      const found = values.reduce((sum, value) => sum + value, 0) / values.length;
      const spread = values.reduce((sum, value) => sum + (value - found) ** 2, 0) / values.length;
      // Four standard errors of 4000 draws.
      expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / 4000));
      expect(Math.abs(spread / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
    }
  });
});

test('functions hold what the flat graph holds, and the graph beside them only what they are called with', () => {
  const { program } = buildCase(cases.adam, file);
  const flat = lower(program);
  const { nodes, functions } = inLayout(flat, 'xla');
  expect(functions.map(({ name, xla }) => [name, xla])).toEqual([
    ['ganway_case', true],
    ['ganway_init', false],
  ]);
  const kinds = new Set(nodes.map(({ op }) => op));
  expect([...kinds].toSorted()).toEqual([
    'AssignVariableOp',
    'Const',
    'Identity',
    'Placeholder',
    'ReadVariableOp',
    'StatefulPartitionedCall',
    'VarHandleOp',
  ]);
});

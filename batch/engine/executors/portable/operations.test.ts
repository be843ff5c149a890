/** Every operation of the language on the portable executor, against TensorFlow. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../../infra/test/temporary-folder.ts';
import type { OpName } from '../../program/ops/table.ts';
import type { Session, TensorValue } from '../../session.ts';
import { using } from '../../testing/differences.ts';
import { open } from '../../testing/native.ts';
import { portable } from '../testing/executors.ts';
import { buildCase, type Case, cases } from '../testing/operations.ts';

const file = join(temporaryFolder(), 'images.npy');
writeFileSync(
  file,
  Uint8Array.from({ length: 128 + 2 * 3 * 3 }, (_, at) => (at * 71) % 256),
);

const twice = (session: Session, feeds: Record<string, TensorValue>) => {
  session.call('init');
  return [session.call('case', feeds), session.call('case', feeds)];
};

/** Operations that round nothing, or round only once and the same way everywhere. */
const EXACT: ReadonlySet<OpName> = new Set<OpName>([
  ...(['constant', 'feed', 'readImages', 'randomUniform', 'randomBytes'] as const),
  ...(['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'negate', 'square', 'abs', 'sign'] as const),
  ...(['floor', 'cast', 'stopGradient', 'waitFor', 'relu', 'reluGradient', 'leakyRelu', 'leakyReluGradient'] as const),
  ...(['greater', 'greaterEqual', 'equal', 'isFinite', 'and', 'or', 'not', 'select', 'argMax'] as const),
  ...(['reshape', 'transpose', 'reverse', 'broadcastTo', 'concat', 'slice', 'pad', 'gather', 'max', 'min'] as const),
  ...(['biasAdd', 'upsampleNearest', 'depthToSpace', 'spaceToDepth'] as const),
]);
/** Of the others: sums of a few dozen products of numbers around 1, in float32, make some tens of 2⁻²⁴. */
const TOLERANCE = 5e-6;

describe('the portable executor and TensorFlow agree on', () => {
  test.each(Object.entries(cases) as [OpName, Case][])('%s', (op, make) => {
    const { program, feeds } = buildCase(make, file);
    expect(program.nodes.map((node) => node.op)).toContain(op);
    const expected = using(open(program), (session) => twice(session, feeds));
    const session = portable.open(program);
    const actual = using(session, () => twice(session, feeds));
    actual.forEach((fetches, call) => {
      for (const [name, value] of Object.entries(fetches)) compare(op, name, value, expected[call]?.[name]);
    });
    expect(session.handles()).toBe(0);
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
    const distance = Object.is(number, other) ? 0 : Math.abs(number - other) / (1 + Math.abs(other));
    return Math.max(worst, distance);
  }, 0);
  expect(worst, name).toBeLessThan(TOLERANCE);
}

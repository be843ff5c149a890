/** Every operation of the language, exported to TF.js and computed by stock TF.js, against TensorFlow. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { type GraphModels, startGraphModels } from '../executors/testing/graph-models.ts';
import { buildCase, type Case, cases } from '../executors/testing/operations.ts';
import * as ops from '../program/index.ts';
import type { OpName } from '../program/ops/table.ts';
import type { TensorValue } from '../session.ts';
import { using } from '../testing/differences.ts';
import { open } from '../testing/native.ts';
import { freeze } from './freeze.ts';
import { encodeTfjs } from './tfjs.ts';

/** What no image is made of: random numbers, files, gradients, updates; and what TF.js lacks, bytes among it. */
const REFUSED: ReadonlySet<OpName> = new Set<OpName>([
  ...(['cast', 'greaterEqual', 'gather'] as const),
  ...(['readImages', 'randomNormal', 'randomUniform', 'randomBytes', 'scatterAdd'] as const),
  ...(['reluGradient', 'leakyReluGradient', 'tanhGradient', 'biasAddGradient', 'halfSquareSum'] as const),
  ...(['conv2dFilterGradient', 'depthwiseConv2dInputGradient', 'depthwiseConv2dFilterGradient'] as const),
  ...(['batchNorm', 'batchNormGradient', 'averagePoolGradient', 'spaceToDepth', 'assign', 'adam'] as const),
]);
/** Operations that are refused above for the bytes alone. */
const WITHOUT_BYTES: Readonly<Partial<Record<OpName, Case>>> = {
  cast: ({ normal, integers }) => ({
    truncated: ops.cast(ops.scale(normal([9]), 3), 'int32'),
    floats: ops.cast(integers(-7, 0, 300), 'float32'),
    flags: ops.cast(ops.cast(integers(0, 1, -2), 'bool'), 'float32'),
  }),
  greaterEqual: ({ normal, integers }) => ({
    floats: ops.greaterEqual(normal([3, 4]), normal([4])),
    integers: ops.greaterEqual(integers(1, -5, 2), integers(1, -7, 3)),
  }),
  gather: ({ normal, integers }) => ops.gather(normal([4, 2, 2]), integers(3, 0, 3)),
};
/** Sums of a few dozen products of numbers around 1, in float32, make some tens of 2⁻²⁴; TF.js's `erf` is good to 1e-6. */
const TOLERANCE = 1e-5;

const file = join(temporaryFolder(), 'images.npy');
writeFileSync(
  file,
  Uint8Array.from({ length: 128 + 2 * 3 * 3 }, (_, at) => (at * 71) % 256),
);

let models: GraphModels;
beforeAll(async () => {
  models = await startGraphModels();
});
afterAll(() => models.close());

describe('TF.js computes as TensorFlow does, or what it cannot is refused:', () => {
  const all = [...Object.entries(cases), ...Object.entries(WITHOUT_BYTES)] as [OpName, Case][];
  test.each(all)('%s', async (op, make) => {
    const { program, feeds } = buildCase(make, file);
    const [expected, state] = using(open(program), (session) => {
      session.call('init');
      const before = session.read();
      return [session.call('case', feeds), before] as const;
    });
    const encode = () => encodeTfjs(freeze(program, 'case', state), { generatedBy: 'test', metadata: { of: op } });
    if (REFUSED.has(op) && make === cases[op]) {
      expect(encode).toThrow(expect.objectContaining({ code: 'EXPORT' }));
      return;
    }
    const { outputs, metadata } = await models.run(encode(), feeds, Object.keys(expected));
    expect(metadata).toEqual({ of: op });
    for (const [name, value] of Object.entries(expected)) compare(name, outputs[name], value);
  });
});

function compare(name: string, actual: TensorValue | undefined, { data, ...type }: TensorValue): void {
  expect([name, actual?.dtype, actual?.shape]).toEqual([name, type.dtype, type.shape]);
  const worst = Array.from(data).reduce((worst, number, at) => {
    const other = actual?.data[at] ?? Number.NaN;
    const distance = Object.is(number, other) ? 0 : Math.abs(number - other) / (1 + Math.abs(number));
    return Math.max(worst, distance);
  }, 0);
  expect(worst, name).toBeLessThan(TOLERANCE);
}

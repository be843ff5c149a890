/** The C API gives the very bits that the stock addon gives: it is the same library. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../../infra/test/temporary-folder.ts';
import { using } from '../../testing/differences.ts';
import { capi, tensorflow } from '../testing/executors.ts';
import { buildCase, cases } from '../testing/operations.ts';
import { buildToy, toySpecs, trainToy } from '../testing/toys.ts';

const folder = temporaryFolder();
const file = join(folder, 'images.npy');
writeFileSync(
  file,
  Uint8Array.from({ length: 128 + 2 * 3 * 3 }, (_, at) => (at * 71) % 256),
);

// Without a compiler there is no addon to be equal to.
describe.runIf(tensorflow).each([tensorflow ?? capi])('the C API and $name', (addon) => {
  test.each(toySpecs)('train a toy $model.architecture alike', (spec) => {
    const program = buildToy(spec, folder);
    const train = (on: typeof capi) => using(on.open(program), (session) => trainToy(session, spec));
    expect(train(capi)).toEqual(train(addon));
  });

  test.each(Object.entries(cases))('compute %s alike', (_, make) => {
    const { program, feeds } = buildCase(make, file);
    const compute = (on: typeof capi) =>
      using(on.open(program), (session) => [session.call('init'), session.call('case', feeds), session.read()]);
    expect(compute(capi)).toEqual(compute(addon));
  });
});

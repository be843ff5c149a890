/** From images to an extractor, and from that to a score under its name, as a user does it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { executor, nativeDir } from '../../engine/testing/native.ts';
import { main as metric } from '../main.ts';
import { bars } from '../testing/bars.ts';
import { writeNpy } from '../testing/npy-file.ts';
import { main } from './main.ts';

const out: string[] = [];
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void out.push(text));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => out.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

const folder = temporaryFolder();
const compute = { prepareCompute: async () => ({ nativeDir, executor }) };
const as = async (verb: typeof main, ...argv: string[]) => {
  out.length = 0;
  const code = await verb(argv, compute);
  return { code, text: out.join('\n') };
};
function write(name: string, count: number, seed: number): [images: string, labels: string] {
  const { images, labels } = bars(count, seed);
  const file = (what: string) => join(folder, `${name}-${what}.npy`);
  return [writeNpy(file('images'), [count, ...images.image], images.pixels), writeNpy(file('labels'), [count], labels)];
}
const [images, labels] = write('train', 300, 1);
const [real, realLabels] = write('real', 120, 2);
const [fake, fakeLabels] = write('fake', 100, 3);
const extractor = join(folder, 'extractor.safetensors');

describe('ganway extractor', () => {
  it('writes a file and says its name and how well it tells images it has not seen', async () => {
    const given = ['--images', images, '--images-labels', labels, '--test', real, '--test-labels', realLabels];
    const { code, text } = await as(main, ...given, '-o', extractor, '--steps', '40', '--seed', '4', '--json');
    expect({ code, text }).toMatchObject({ code: 0 });
    const { name, accuracy, ...rest } = JSON.parse(text);
    expect(name).toMatch(/^labels-cnn128@[0-9a-f]{8}$/);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(rest).toEqual({ file: extractor, steps: 40, seed: 4 });
    expect(existsSync(extractor)).toBe(true);
  });

  it('gives metrics features, and every score its name', async () => {
    const given = ['--real', real, '--fake', fake, '--extractor', extractor];
    const { text } = await as(metric, 'fid', ...given, '--json');
    expect(JSON.parse(text)).toMatchObject({
      metric: 'fid',
      name: expect.stringMatching(/^cfid\[labels-cnn128@[0-9a-f]{8}\]$/),
      extractor: expect.stringMatching(/^labels-cnn128@/),
      dimensions: 128,
      floor: { real: 60 },
    });
    expect((await as(metric, 'precision', ...given)).text).toMatch(/^cprecision\[labels-cnn128@[0-9a-f]{8}\] +[01]/);
    const cas = await as(metric, 'cas', ...given, '--real-labels', realLabels, '--fake-labels', fakeLabels, '--json');
    expect(JSON.parse(cas.text).value).toBeGreaterThan(0.9);
    const modes = await as(metric, 'modes', ...given, '--json');
    expect(JSON.parse(modes.text)).toMatchObject({ of: 10, value: 3 });
  });

  it('refuses what it cannot learn from, and files that are no extractors', async () => {
    const features = writeNpy(join(folder, 'features.npy'), [4, 3], new Float64Array(12));
    for (const [code, message, argv] of [
      [2, /Give uint8 images/, ['--images', features, '-o', extractor]],
      [2, /--test needs labels/, ['--images', images, '--test', real, '-o', extractor]],
      [4, /There is no file/, ['--images', 'none.npy', '-o', extractor]],
      [2, /required option '-o, --output <file>'/, ['--images', images]],
    ] as const) {
      expect(await as(main, ...argv)).toMatchObject({ code, text: expect.stringMatching(message) });
    }
    const given = ['fid', '--real', real, '--fake', fake, '--extractor', images];
    expect(await as(metric, ...given)).toMatchObject({ code: 2, text: expect.stringMatching(/ganway extractor/) });
  });
});

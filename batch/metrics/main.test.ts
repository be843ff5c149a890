/** The verb from files to words: every metric, what it says beside the value, and what it refuses. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { executor, nativeDir } from '../engine/testing/native.ts';
import { metricNames } from './catalogue.ts';
import { main } from './main.ts';
import { cloud } from './testing/clouds.ts';
import { writeNpy } from './testing/npy-file.ts';

const out: string[] = [];
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void out.push(text));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => out.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const real = writeNpy(file('real.npy'), [80, 6], cloud(80, 6, 1).values);
const fake = writeNpy(file('fake.npy'), [70, 6], cloud(70, 6, 2, { mean: 0.5 }).values);
const labels = (name: string, count: number) =>
  writeNpy(
    file(name),
    [count],
    Array.from({ length: count }, (_, n) => n % 3),
  );
const [realLabels, fakeLabels] = [labels('real-labels.npy', 80), labels('fake-labels.npy', 70)];
const digits = (name: string, count: number) =>
  writeNpy(
    file(name),
    [count, 3],
    Uint8Array.from({ length: count * 3 }, (_, n) => (n * 7) % 10),
  );
const [realDigits, fakeDigits] = [digits('real-digits.npy', 50), digits('fake-digits.npy', 40)];
const images = (name: string, count: number, side = 20) =>
  writeNpy(
    file(name),
    [count, side, side, 1],
    Uint8Array.from({ length: count * side * side }, (_, n) => (n * n) % 251),
  );
const [realImages, fakeImages] = [images('real-images.npy', 9), images('fake-images.npy', 8)];

const metric = async (...argv: string[]) => {
  out.length = 0;
  const code = await main(argv, { prepareCompute: async () => ({ nativeDir, executor }) });
  return { code, text: out.join('\n') };
};
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  cas: ['--real', real, '--fake', fake, '--real-labels', realLabels, '--fake-labels', fakeLabels],
  modes: ['--real', realDigits, '--fake', fakeDigits],
};
const json = async (name: string, ...more: string[]) => {
  const { code, text } = await metric(name, ...(GIVEN[name] ?? ['--real', real, '--fake', fake]), '--json', ...more);
  expect({ code, text }).toMatchObject({ code: 0 });
  return JSON.parse(text);
};

describe.each(metricNames)('ganway metric %s', (name) => {
  it('prints one object: the value, its floor, both numbers of samples and the extractor', async () => {
    const score = await json(name);
    const [n, m] = name === 'modes' ? [50, 40] : [80, 70];
    expect(score).toMatchObject({
      ...{ metric: name, value: expect.any(Number), real: n, fake: m, extractor: 'given', seed: 0 },
      floor: { value: expect.any(Number), real: n / 2, fake: n / 2 },
    });
    expect(out).toHaveLength(1);
  });

  it('is the same again, and has a table for people', async () => {
    expect(await json(name)).toEqual(await json(name));
    const { text } = await metric(name, ...(GIVEN[name] ?? ['--real', real, '--fake', fake]));
    expect(text).toMatch(new RegExp(`^${name} +-?[\\d.]+`));
    expect(text).toMatch(/^real against real +-?[\d.e-]+.*, of \d+ each$/m);
  });
});

describe('ganway metric', () => {
  it('takes the neighbours of its authors, and those it is told', async () => {
    expect(await json('precision')).toMatchObject({ k: 3 });
    expect(await json('density')).toMatchObject({ k: 5 });
    expect(await json('precision', '--k', '6')).toMatchObject({ k: 6, floor: { k: 6 } });
    expect((await json('precision', '--k', '6')).value).toBeGreaterThan((await json('precision', '--k', '1')).value);
  });

  it('takes subsets and a seed', async () => {
    const one = await json('kid', '--subsets', '7', '--subset-size', '20');
    expect(one).toMatchObject({ subsets: 7, subsetSize: 20, deviation: expect.any(Number) });
    expect((await json('kid', '--subsets', '7', '--subset-size', '20', '--seed', '1')).value).not.toBe(one.value);
    expect(await json('kid')).toMatchObject({ subsets: 100, subsetSize: 70 });
  });

  it('marks a score of too few samples, and leaves out a floor that halves are too small for', async () => {
    expect(await json('fid')).toMatchObject({ lowN: true });
    expect(await json('precision', '--k', '45')).toMatchObject({ floor: null });
    const { text } = await metric('precision', '--real', real, '--fake', fake, '--k', '45');
    expect(text).toMatch(/^real against real +too few reals$/m);
  });

  it('compares images by their patches, and by their pixels where it asks for features', async () => {
    const given = ['--real', realImages, '--fake', fakeImages, '--json'];
    const { text } = await metric('swd', ...given);
    expect(JSON.parse(text)).toMatchObject({
      extractor: 'pixels',
      images: 8,
      levels: [{ height: 32 }, { height: 16 }],
    });
    const fid = await metric('fid', ...given);
    expect(JSON.parse(fid.text)).toMatchObject({ extractor: 'pixels', dimensions: 400 });
  });

  it('takes held-out samples for copying', async () => {
    expect(await json('copying')).toMatchObject({ reference: 'leave-one-out' });
    expect(await json('copying', '--held-out', fake)).toMatchObject({ reference: 'held-out', value: 0 });
    const copied = await metric('copying', '--real', real, '--fake', real, '--held-out', fake, '--json');
    expect(JSON.parse(copied.text).value).toBeLessThan(-3);
  });

  it('counts stacked digits, and modes by number', async () => {
    expect(await json('modes')).toMatchObject({ of: 1000, value: 10, divergence: expect.closeTo(Math.log(100), 6) });
    const { text } = await metric('modes', '--real', realLabels, '--fake', fakeLabels, '--json');
    expect(JSON.parse(text)).toMatchObject({ of: 1000, value: 3 });
  });

  it('explains itself where it is asked to', async () => {
    expect(await metric('--help')).toMatchObject({ code: 0, text: expect.stringMatching(/--subset-size <n>/) });
  });
});

describe('ganway metric refuses', () => {
  const other = writeNpy(file('other.npy'), [10, 5], cloud(10, 5, 1).values);
  const single = writeNpy(file('single.npy'), [1, 6], cloud(1, 6, 1).values);
  const volume = writeNpy(file('volume.npy'), [2, 3, 4], new Float64Array(24));

  it.each([
    [4, /There is no file none.npy/, ['fid', '--real', 'none.npy', '--fake', fake]],
    [2, /--real has the shape \[80, 6\], --fake has the shape \[10, 5\]/, ['fid', '--real', real, '--fake', other]],
    [2, /--fake holds 1 samples\. Give two or more/, ['kid', '--real', real, '--fake', single]],
    [2, /--real has the shape \[2, 3, 4\]\. Give features/, ['fid', '--real', volume, '--fake', volume]],
    [2, /70 neighbours need more than 70 samples/, ['recall', '--real', real, '--fake', fake, '--k', '70']],
    [2, /--real needs labels/, ['cas', '--real', real, '--fake', fake]],
    [2, /80 labels of 70 samples/, ['cas', '--real', real, '--fake', fake, '--fake-labels', realLabels]],
    [2, /--fake-labels has the shape \[70, 6\]/, ['cas', '--real', real, '--fake', fake, '--fake-labels', fake]],
    [2, /by a classifier of yours/, ['modes', '--real', real, '--fake', fake]],
    [2, /--held-out has the shape \[10, 5\]/, ['copying', '--real', real, '--fake', fake, '--held-out', other]],
    [2, /Allowed choices are fid, kid/, ['fidd', '--real', real, '--fake', fake]],
    [2, /whole number from 1/, ['kid', '--real', real, '--fake', fake, '--subsets', '0']],
    [2, /required option '--fake <file>'/, ['kid', '--real', real]],
  ] as const)('with %i: %s', async (code, message, argv) => {
    expect(await metric(...argv)).toMatchObject({ code, text: expect.stringMatching(message) });
  });
});

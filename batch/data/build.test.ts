import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { zipOf } from './testing/archives.ts';
import { build, imported, limits, members, place, png, solid } from './testing/imported.ts';

describe('what is left out', () => {
  it('names every file and why', async () => {
    const photo = await solid('#123456', 64, 64).jpeg().toBuffer();
    const picture = await sharp(Buffer.from(Array.from({ length: 64 * 64 }, (_, i) => (i * i * 7919) % 256)), {
      raw: { width: 64, height: 64, channels: 1 },
    })
      .png()
      .toBuffer();
    const folder = await place({
      'good.png': await png('#abcdef'),
      'cut.jpg': photo.subarray(0, photo.length / 2),
      'cut.png': picture.subarray(0, picture.length / 2),
      'notes.txt': Buffer.from('hello'),
      'empty.png': Buffer.alloc(0),
      'fat.png': Buffer.concat([await png('#fff'), Buffer.alloc(20_000)]),
      'wide.png': await png('#fff', 400, 300),
      '.DS_Store': Buffer.from('x'),
      '.hidden/cat.png': await png('#fff'),
      '__MACOSX/._good.png': Buffer.from('x'),
      'Thumbs.db': Buffer.from('x'),
    });
    const set = await imported(folder, limits({ imageBytes: 20_000, imagePixels: 100_000 }));
    expect(set.manifest.images).toBe(1);
    const reasons = new Map(set.reported.map(({ name, reason }) => [name, reason]));
    const hidden = 'It is a hidden file or one that the operating system made.';
    for (const name of ['.DS_Store', '.hidden/cat.png', '__MACOSX/._good.png', 'Thumbs.db']) {
      expect(reasons.get(name)).toBe(hidden);
    }
    expect(reasons.get('cut.jpg')).toMatch(/^It is broken or cut off: .+\.$/);
    expect(reasons.get('cut.png')).toMatch(/^It is broken or cut off: .+\.$/);
    expect(reasons.get('notes.txt')).toMatch(/^It is no PNG/);
    expect(reasons.get('empty.png')).toBe('It is empty.');
    expect(reasons.get('fat.png')).toMatch(/^It is larger than the limit of 19.5 KiB/);
    expect(reasons.get('wide.png')).toBe('It has more than 100000 pixels.');
    expect(reasons.size).toBe(10);
    expect(set.manifest.source.skippedTotal).toBe(10);
    expect(set.manifest.source.skipped).toEqual(set.reported);
  });

  it('counts all of them but lists a thousand', async () => {
    const files: Record<string, Uint8Array> = { 'good.png': await png('#fff') };
    for (let n = 0; n < 1005; n++) files[`text-${n}`] = Buffer.from('x');
    const set = await imported({ 'a.zip': zipOf(members(files)) });
    expect(set.manifest.source).toMatchObject({ skippedTotal: 1005 });
    expect(set.manifest.source.skipped).toHaveLength(1000);
    expect(set.reported).toHaveLength(1005);
  });

  it('takes line breaks and escape sequences out of names', async () => {
    const set = await imported({
      'a.zip': zipOf(members({ 'a.png': await png('#fff'), 'evil\n\x1b[2J.txt': Buffer.from('x') })),
    });
    expect(set.reported.map(({ name }) => name)).toEqual(['evil\ufffd\ufffd[2J.txt']);
  });

  it('is all there is to tell where nothing is usable', async () => {
    const { built } = await build({ 'a.txt': Buffer.from('a') });
    expect(built).toMatchObject({ kind: 'empty', skippedTotal: 1 });
  });

  it('stops at the signal and keeps nothing', async () => {
    const stop = new AbortController();
    const files: Record<string, Uint8Array> = {};
    for (let n = 0; n < 20; n++) files[`${n}.png`] = await png('#fff');
    let calls = 0;
    const onProgress = async () => {
      calls += 1;
      if (calls === 3) stop.abort();
    };
    expect((await build({ 'a.zip': zipOf(members(files)) }, { signal: stop.signal, onProgress })).built.kind).toBe(
      'aborted',
    );
    expect(calls).toBe(3);
    const late = new AbortController();
    const abortWhileWriting = async (fraction: number) => {
      if (fraction > 0.95) late.abort();
    };
    const options = { signal: late.signal, onProgress: abortWhileWriting };
    expect((await build({ 'a.zip': zipOf(members(files)) }, options)).built.kind).toBe('aborted');
  });
});

describe('classes', () => {
  const classesOf = async (...paths: string[]) => {
    const image = await png('#fff');
    const files = members(Object.fromEntries(paths.map((path) => [path, image])));
    const { manifest, labels } = await imported({ 'a.zip': zipOf(files) });
    return { classes: manifest.classes, labels };
  };

  it('are the sub-folders that all images lie in, sorted by name', async () => {
    expect(await classesOf('dogs/1.png', 'cats/2.png', 'cats/deep/3.png', 'Zebras/1.png')).toEqual({
      classes: ['Zebras', 'cats', 'dogs'],
      labels: [0, 1, 1, 2],
    });
  });

  it('are found below the folders that all images share', async () => {
    expect(await classesOf('photos/b/1.png', 'photos/a/1.png')).toEqual({ classes: ['a', 'b'], labels: [0, 1] });
  });

  it('do not exist where one image lies beside the folders, or all lie in one', async () => {
    expect(await classesOf('a/1.png', 'b/1.png', 'c.png')).toEqual({ classes: [], labels: null });
    expect(await classesOf('a/1.png', 'a/2.png')).toEqual({ classes: [], labels: null });
  });

  it('do not depend on files that are left out', async () => {
    const image = await png('#fff');
    const set = await imported(await place({ 'a/1.png': image, 'b/1.png': image, 'README.txt': Buffer.from('hi') }));
    expect(set.manifest.classes).toEqual(['a', 'b']);
  });
});

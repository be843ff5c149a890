import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tarOf, zipOf } from './testing/archives.ts';
import { type Files, imported, png } from './testing/imported.ts';

describe('IDX', () => {
  const idx = (shape: readonly number[], values: Uint8Array) => {
    const header = Buffer.alloc(4 + 4 * shape.length);
    header.writeUInt32BE(0x0800 + shape.length);
    for (const [axis, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
    return Buffer.concat([header, values]);
  };
  const pixels = Uint8Array.from({ length: 4 * 64 }, (_, i) => i % 251);
  const images = idx([4, 8, 8], pixels);
  const labels = idx([4], Uint8Array.of(2, 0, 11, 1));
  const names = Array.from({ length: 12 }, (_, n) => String(n));

  it('is read from two uploads, gzipped or not, in a zip, and in a gzipped tar, pixel for pixel', async () => {
    const plain = { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels };
    const zipped = { 'train-images-idx3-ubyte.gz': gzipSync(images), 'train-labels-idx1-ubyte.gz': gzipSync(labels) };
    const files = (all: Files) => Object.entries(all).map(([name, data]) => ({ name: `mnist/${name}`, data }));
    for (const uploads of [
      plain,
      zipped,
      { 'mnist.zip': zipOf(files(plain)) },
      { 'mnist.zip': zipOf(files(zipped)) },
      { 'mnist.tar.gz': gzipSync(tarOf(files(plain))) },
      { 'my images': images, 'other name': labels },
    ]) {
      const set = await imported(uploads);
      expect(set.reported).toEqual([]);
      expect(set.manifest).toMatchObject({ images: 4, channels: 1, classes: names, source: { kind: 'idx' } });
      expect(set.labels).toEqual([2, 0, 11, 1]);
      expect([0, 1, 2, 3].flatMap(set.image)).toEqual([...pixels]);
    }
  });

  it('pairs several files by their names', async () => {
    const set = await imported({
      'a-images-idx3-ubyte': images,
      'b-images-idx3-ubyte': images,
      'a-labels-idx1-ubyte': labels,
      'b-labels-idx1-ubyte': idx([4], Uint8Array.of(3, 3, 3, 3)),
    });
    expect(set.labels).toEqual([2, 0, 11, 1, 3, 3, 3, 3]);
    expect(set.manifest.classes).toEqual(names);
  });

  it('has no classes where labels are missing, and says where they fit nothing', async () => {
    const set = await imported({ 'images-idx3-ubyte': images, 'labels-idx1-ubyte': idx([2], Uint8Array.of(1, 2)) });
    expect(set.manifest.classes).toEqual([]);
    expect(set.reported).toEqual([
      { name: 'labels-idx1-ubyte', reason: 'It holds 2 labels, and no file of as many images belongs to it.' },
    ]);
  });

  it('resizes to the size asked for', async () => {
    const white = idx([1, 28, 28], new Uint8Array(784).fill(255));
    expect((await imported({ 'x-idx3-ubyte': white })).image(0)).toEqual(new Array(64).fill(255));
  });

  it('says what is wrong with a file that is cut off or of another type', async () => {
    const float = Buffer.from(images);
    float[2] = 0x0d;
    const set = await imported({
      'good.png': await png('#fff'),
      'cut-idx3-ubyte': images.subarray(0, 100),
      'float-idx3-ubyte': float,
      'torn-idx3-ubyte.gz': gzipSync(images).subarray(0, 60),
    });
    const reasons = new Map(set.reported.map(({ name, reason }) => [name, reason]));
    expect(reasons.get('cut-idx3-ubyte')).toBe('It is an IDX file of 100 bytes, but its header announces 272.');
    expect(reasons.get('float-idx3-ubyte')).toMatch(/unsigned bytes/);
    expect(reasons.get('torn-idx3-ubyte.gz')).toMatch(/gzipped, but broken/);
  });
});

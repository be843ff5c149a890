import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tarOf, zipOf } from './testing/archives.ts';
import { build, imported, members } from './testing/imported.ts';

describe('CIFAR', () => {
  /** Record n: label n, red plane n, green plane 100 + n, blue plane 200, first red pixel 77. */
  const batch = (count: number, labelBytes: readonly number[][]) =>
    Buffer.concat(
      Array.from({ length: count }, (_, n) => {
        const planes = Buffer.alloc(3072, n);
        planes.fill(100 + n, 1024, 2048).fill(200, 2048)[0] = 77;
        return Buffer.concat([Buffer.from(labelBytes[n] ?? []), planes]);
      }),
    );

  it('10 is read from its official archive: planes become pixels, names come from batches.meta.txt', async () => {
    const meta = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const archive = tarOf([
      { name: 'cifar-10-batches-bin/', data: Buffer.alloc(0) },
      { name: 'cifar-10-batches-bin/data_batch_1.bin', data: batch(3, [[6], [9], [0]]) },
      { name: 'cifar-10-batches-bin/batches.meta.txt', data: Buffer.from(`${meta.join('\n')}\n\n`) },
      { name: 'cifar-10-batches-bin/test_batch.bin', data: batch(1, [[1]]) },
      { name: 'cifar-10-batches-bin/readme.html', data: Buffer.from('<html>') },
    ]);
    const set = await imported({ 'cifar-10-binary.tar.gz': gzipSync(archive) }, { size: 32 });
    expect(set.manifest).toMatchObject({ images: 4, channels: 3, width: 32, classes: meta, source: { kind: 'cifar' } });
    expect(set.labels).toEqual([6, 9, 0, 1]);
    expect(set.image(2).slice(0, 6)).toEqual([77, 102, 200, 2, 102, 200]);
    expect(set.reported.map(({ name }) => name)).toEqual(['cifar-10-batches-bin/readme.html']);
  });

  it('10 has its usual names where the file of names is missing, and 100 has its fine labels', async () => {
    const ten = await imported({ 'data_batch_1.bin': batch(1, [[3]]) });
    expect(ten.manifest.classes[ten.labels?.[0] ?? 0]).toBe('cat');
    const fine = Array.from({ length: 100 }, (_, n) => `fine ${n}`);
    const files = {
      'train.bin': batch(2, [
        [19, 99],
        [0, 42],
      ]),
      'fine_label_names.txt': Buffer.from(fine.join('\n')),
    };
    const hundred = await imported({ 'cifar-100.zip': zipOf(members(files)) });
    expect(hundred.labels).toEqual([99, 42]);
    expect(hundred.manifest.classes).toEqual(fine);
  });

  it('in its form for Python is refused with the way out', async () => {
    const { reported } = await build({
      'c.zip': zipOf(members({ 'cifar-10-batches-py/data_batch_1': Buffer.from('x') })),
    });
    expect(reported[0]?.reason).toMatch(/binary version/);
  });

  it('is not seen in other .bin files', async () => {
    const { reported } = await build({ 'firmware.bin': Buffer.alloc(5000), 'model.bin': batch(1, [[200]]) });
    expect(reported.map(({ reason }) => reason)).toEqual(new Array(2).fill(expect.stringMatching(/neither CIFAR-10/)));
  });
});

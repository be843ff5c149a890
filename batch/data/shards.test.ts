import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../graph/spec/dataset.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { npyHeader, parseNpyHeader, readNpy } from './npy.ts';
import { openDataset } from './open-dataset.ts';
import { writeShards } from './shards.ts';

/** A small labelled set in shards of at most `perShard` images. */
async function write(folder: string, images: number, perShard: number, classes: readonly string[]) {
  const writer = await writeShards({
    folder,
    id: 'set',
    name: 'Set',
    images,
    width: 3,
    height: 2,
    channels: 3,
    classes,
    source: { kind: 'test', skipped: [], skippedTotal: 0 },
    shardBytes: 256 + perShard * 18,
  });
  for (let n = 0; n < images; n++) await writer.add(new Uint8Array(18).fill(n % 251), n % Math.max(1, classes.length));
  return writer.finish();
}

describe('npy', () => {
  it('reads back every header it writes, aligned to 64 bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('|u1' as const, '<u2' as const),
        fc.array(fc.nat(1e7), { minLength: 1, maxLength: 4 }),
        (dtype, shape) => {
          const header = npyHeader(dtype, shape);
          expect(header.length % 64).toBe(0);
          expect(parseNpyHeader(header)).toEqual({ dtype, shape, dataOffset: header.length });
        },
      ),
    );
  });

  it('writes the very header that NumPy documents', () => {
    const header = npyHeader('|u1', [7, 2, 3, 1]);
    expect(header.subarray(0, 10)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]));
    expect(header.toString('latin1', 10).trimEnd()).toBe(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (7, 2, 3, 1), }",
    );
    expect(header.at(-1)).toBe(10);
  });

  it('refuses float files and files that are none', () => {
    expect(() => parseNpyHeader(Buffer.from('PNG'))).toThrow('Not a .npy');
    const float = Buffer.from(npyHeader('|u1', [1]).toString('latin1').replace('|u1', '<f4'), 'latin1');
    expect(() => parseNpyHeader(float)).toThrow('expected uint8 or uint16');
  });
});

describe('shards', () => {
  it('splits images and labels over shards of a bounded size and opens them again', async () => {
    const folder = temporaryFolder();
    const { manifest, digest } = await write(folder, 10, 4, ['a', 'b', 'c']);
    expect(manifest.shards.map((shard) => shard.count)).toEqual([4, 4, 2]);
    const opened = await openDataset(folder, { digest });
    expect(opened.manifest).toEqual(manifest);
    const last = await readNpy(opened.shards[2]?.images ?? '');
    expect(last.shape).toEqual([2, 2, 3, 3]);
    expect([...last.data.slice(0, 19)]).toEqual([...new Array(18).fill(8), 9]);
    expect([...(await readNpy(opened.shards[1]?.labels ?? '')).data]).toEqual([1, 2, 0, 1]);
    expect(opened.shards[0]).toMatchObject({ imagesOffset: 128, labelsOffset: 128 });
  });

  it('writes the same bytes for the same images', async () => {
    const [a, b] = [temporaryFolder(), temporaryFolder()];
    const first = await write(a, 9, 4, ['x', 'y']);
    expect((await write(b, 9, 4, ['x', 'y'])).digest).toBe(first.digest);
    for (const file of await readdir(a)) expect(await readFile(join(a, file))).toEqual(await readFile(join(b, file)));
  });

  it('leaves out labels where there are no classes', async () => {
    const folder = temporaryFolder();
    await write(folder, 2, 4, []);
    expect((await readdir(folder)).sort()).toEqual(['images-00000.npy', 'manifest.json']);
    expect((await openDataset(folder)).shards[0]?.labels).toBeNull();
  });

  it('writes manifests that parse, whatever the names of set and classes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        async (classes, images, perShard) => {
          const folder = temporaryFolder();
          const { manifest } = await write(folder, images, perShard, classes);
          expect(parseManifest(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))).toEqual(manifest);
          expect(manifest.bytes).toBe(manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('notices one changed byte, another digest and a name that leads out of the folder', async () => {
    const folder = temporaryFolder();
    const { manifest } = await write(folder, 3, 4, ['a']);
    await expect(openDataset(folder, { digest: '0'.repeat(64) })).rejects.toThrow('not the one the spec pins');
    const path = join(folder, 'images-00000.npy');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = 77;
    await writeFile(path, bytes);
    await expect(openDataset(folder)).rejects.toThrow('other bytes than its manifest says');
    const shards = manifest.shards.map((shard) => ({ ...shard, images: '../../etc/passwd' }));
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, shards }));
    await expect(openDataset(folder)).rejects.toThrow('not a plain file name');
  });

  it('refuses to finish short of the announced number, and to take one more', async () => {
    const options = {
      id: 'set',
      name: 'Set',
      images: 2,
      width: 1,
      height: 1,
      channels: 1 as const,
      classes: [],
      source: { kind: 'test', skipped: [], skippedTotal: 0 },
    };
    const short = await writeShards({ ...options, folder: temporaryFolder() });
    await short.add(Uint8Array.of(1), 0);
    await expect(short.finish()).rejects.toThrow('1 images were added, 2 were announced');
    await short.add(Uint8Array.of(1), 0);
    await expect(short.add(Uint8Array.of(1), 0)).rejects.toThrow('More than the announced 2');
  });
});

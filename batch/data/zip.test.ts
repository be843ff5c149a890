import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportLimits } from './limits.ts';
import { zipOf } from './testing/archives.ts';
import { imported, limits, members, place, png } from './testing/imported.ts';

describe('zips', () => {
  it('are read whether stored, deflated or zip64, and give what the same folder gives', async () => {
    const files = { 'a/1.png': await png('#f00'), 'b/2.png': await png('#0f0'), 'b/3.png': await png('#00f') };
    const digests = new Set<string>();
    for (const archive of [
      zipOf(members(files)),
      zipOf(members(files).map((member) => ({ ...member, deflate: false }))),
      zipOf(members(files).reverse(), true),
      zipOf(members(files).map((member) => ({ ...member, name: member.name.replace('/', '\\') }))),
    ]) {
      digests.add((await imported({ 'a.zip': archive })).built.digest);
    }
    expect(digests.size).toBe(1);
    const folder = await imported(await place(files));
    const zip = await imported({ 'a.zip': zipOf(members(files)) });
    expect(await readFile(join(folder.folder, 'images-00000.npy'))).toEqual(
      await readFile(join(zip.folder, 'images-00000.npy')),
    );
    expect([folder.manifest.source.kind, zip.manifest.source.kind]).toEqual(['folder', 'zip']);
  });

  it('give the same bytes every time, whatever the number of threads', async () => {
    const files: Record<string, Uint8Array> = {};
    for (let n = 0; n < 30; n++) files[`${n}.png`] = await png({ r: n, g: 2 * n, b: 99 }, 9 + n, 300 - 9 * n);
    const archive = { 'a.zip': zipOf(members(files)) };
    const [one, many] = [await imported(archive, { threads: 1 }), await imported(archive, { threads: 7 })];
    expect(one.built.digest).toBe(many.built.digest);
    expect(one.firstPixel(1)).toEqual([1, 2, 99]);
    expect(one.firstPixel(2)).toEqual([10, 20, 99]);
  });

  it('cannot lead out of the folder by their names, which are names only', async () => {
    const set = await imported({
      'a.zip': zipOf(members({ '../../evil.png': await png('#fff'), '/etc/x.png': await png('#000') })),
    });
    expect(set.manifest.images).toBe(1);
    expect(set.firstPixel(0)).toEqual([0]);
    expect(set.reported[0]?.name).toBe('../../evil.png');
  });

  it('say which entries are encrypted, oddly packed, lying about their size, or broken', async () => {
    const image = await png('#fff');
    const archive = zipOf([
      { name: 'good.png', data: image },
      { name: 'secret.png', data: image, encrypted: true },
      { name: 'odd.png', data: image, method: 12 },
      { name: 'liar.png', data: Buffer.alloc(100_000), statedBytes: 10 },
      { name: 'large.png', data: Buffer.alloc(3_000) },
      { name: 'torn-idx3-ubyte', data: Buffer.alloc(3_000), statedBytes: 10 },
    ]);
    const set = await imported({ 'a.zip': archive }, limits({ imageBytes: 2_000 }));
    expect(set.manifest.images).toBe(1);
    const reasons = new Map(set.reported.map(({ name, reason }) => [name, reason]));
    expect(reasons.get('secret.png')).toMatch(/encrypted/);
    expect(reasons.get('odd.png')).toMatch(/method 12/);
    expect(reasons.get('liar.png')).toMatch(/cannot be read/);
    expect(reasons.get('large.png')).toMatch(/larger than the limit/);
    expect(reasons.get('torn-idx3-ubyte')).toMatch(/broken or cut off/);
  });

  it('are left out whole where they are bombs, hold too many files, or are no zips', async () => {
    const good = { 'good.png': await png('#fff') };
    const reasonFor = async (archive: Uint8Array, changed: Partial<ImportLimits>) =>
      (await imported({ ...good, 'bad.zip': archive }, limits(changed))).reported;
    const bomb = zipOf([{ name: 'zeros', data: Buffer.alloc(5_000_000) }]);
    expect(await reasonFor(bomb, { unpackedBytes: 4_000_000 })).toEqual([
      { name: 'bad.zip', reason: 'The zip unpacks to more than 3.8 MiB.' },
    ]);
    const crowd = zipOf(members({ a: Buffer.from('a'), b: Buffer.from('b'), c: Buffer.from('c') }));
    expect(await reasonFor(crowd, { files: 2 })).toEqual([
      { name: 'bad.zip', reason: 'The zip holds more than 2 files.' },
    ]);
    expect((await reasonFor(crowd.subarray(0, 60), {}))[0]?.reason).toMatch(/^The zip cannot be read: /);
  });
});

import { describe, expect, it } from 'vitest';
import { tarOf } from './testing/archives.ts';
import { imported, png } from './testing/imported.ts';

describe('tars', () => {
  it('keep long names, as GNU and pax write them', async () => {
    const folder = 'c'.repeat(120);
    const files = [
      { name: `${folder}/1.png`, data: await png('#fff') },
      { name: 'd/1.png', data: await png('#000') },
    ];
    for (const long of ['gnu', 'pax'] as const) {
      const set = await imported({ 'a.tar': tarOf(files, long) });
      expect(set.manifest.classes).toEqual([folder, 'd']);
      expect(set.manifest.source.kind).toBe('tar');
    }
  });

  it('that are damaged are left out whole', async () => {
    const archive = tarOf([{ name: 'a.png', data: Buffer.alloc(600) }]);
    archive[512 + 1024 + 5] = 1;
    const set = await imported({ 'good.png': await png('#fff'), 'bad.tar': archive });
    expect(set.reported).toEqual([{ name: 'bad.tar', reason: 'The tar is damaged at byte 1536.' }]);
  });
});

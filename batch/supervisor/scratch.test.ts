import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identify } from '../../infra/process/identity.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { makeScratch, sweepScratch } from './scratch.ts';

describe('scratch folders', () => {
  it('outlive a sweep while their process lives', async () => {
    const home = temporaryFolder();
    const mine = await makeScratch(home, 'run-1');
    await sweepScratch(home);
    expect(existsSync(mine)).toBe(true);
  });

  it('are swept when their process is gone, also where another has its id by now', async () => {
    const home = temporaryFolder();
    const owners = { gone: { pid: 2 ** 30, stamp: 'x' }, reused: { pid: process.pid, stamp: 'an earlier boot/1' } };
    for (const [name, owner] of Object.entries(owners)) {
      mkdirSync(join(home, name, 'spool'), { recursive: true });
      writeFileSync(join(home, name, 'owner.json'), JSON.stringify(owner));
    }
    await sweepScratch(home);
    expect(Object.keys(owners).filter((name) => existsSync(join(home, name)))).toEqual([]);
  });

  it('stay where nobody can be proven to have left them', async () => {
    const home = temporaryFolder();
    const strange = { none: null, half: '{"pid":', other: '{"pid":"1"}', list: '[]', null: 'null' };
    for (const [name, text] of Object.entries(strange)) {
      mkdirSync(join(home, name));
      if (text) writeFileSync(join(home, name, 'owner.json'), text);
    }
    await sweepScratch(home);
    expect(Object.keys(strange).filter((name) => !existsSync(join(home, name)))).toEqual([]);
    await sweepScratch(join(home, 'missing'));
    expect(identify(process.pid)).not.toBeNull();
  });
});

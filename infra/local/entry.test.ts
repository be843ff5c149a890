import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { batchEntry } from './entry.ts';

const run = (args: readonly string[]) =>
  spawnSync(process.execPath, args, { encoding: 'utf8', env: { GANWAY_RUN_ID: 'x' } });

describe('the entry of jobs', () => {
  it('is one bundle of supervisor and trainer, which both begin without tsx', async () => {
    const { args, lost } = await batchEntry();
    expect(lost).toBeNull();
    expect(args).toEqual([expect.stringMatching(/batch\/main\.js$/)]);
    const supervisor = run(args);
    expect(supervisor.stderr).toContain('GANWAY_LAUNCH is missing');
    expect(supervisor.status).toBe(64);
    const trainer = run([join(String(args[0]), '../trainer/main.js')]);
    expect(trainer.stderr).toContain('usage:');
    expect(trainer.status).toBe(64);
  });

  it('is the same for the same sources', async () => {
    expect(await batchEntry()).toEqual(await batchEntry());
  });

  it('is the sources where no bundle can be made', async () => {
    const empty = temporaryFolder();
    mkdirSync(join(empty, 'batch'));
    const { args, lost } = await batchEntry(empty);
    expect(args.slice(0, 1)).toEqual(['--import']);
    expect(args.at(-1)).toBe(join(empty, 'batch/main.ts'));
    expect(lost).toContain('batch/main.ts');
    expect(existsSync(fileURLToPath(String(args[1])))).toBe(true);
  });
});

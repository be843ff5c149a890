import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { lockFolder, tryLock } from './lock.ts';

const folder = temporaryFolder();
const workers: ChildProcess[] = [];
afterAll(() => {
  for (const worker of workers) worker.kill('SIGKILL');
});

/** The lock file of a process that has died. */
const DEAD = JSON.stringify({ pid: 2 ** 22 + 1, stamp: 'no boot/0' });

/** Another process that opens the folders it is told of, and gives the last one back when told of the next. */
async function worker(): Promise<ChildProcess> {
  const script = `
    import { lockFolder } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
    process.on('message', (home) => {
      try {
        lockFolder(home);
        process.send('taken');
      } catch (error) {
        process.send(error.message);
      }
    });
    process.send('ready');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  workers.push(child);
  await once(child, 'message');
  return child;
}

async function ask(child: ChildProcess, home: string): Promise<string> {
  const answered = once(child, 'message');
  child.send(home);
  return (await answered)[0] as string;
}

describe('a folder', () => {
  it('whose holder died is opened by one of several processes that see it at once', async () => {
    const contenders = await Promise.all(Array.from({ length: 4 }, worker));
    for (let round = 0; round < 300; round++) {
      const home = join(folder, `race-${round}`);
      mkdirSync(home);
      writeFileSync(join(home, 'process.lock'), DEAD);
      const answers = await Promise.all(contenders.map((child) => ask(child, home)));
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(answers.filter((answer) => answer.includes('is already open in process'))).toHaveLength(3);
      expect(readdirSync(home)).toEqual(['process.lock']);
    }
  });

  it('is given back, and can then be opened again', () => {
    const home = join(folder, 'home');
    const release = lockFolder(home);
    expect(() => lockFolder(home)).toThrow(`is already open in process ${process.pid}.`);
    release();
    lockFolder(home)();
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('a lock', () => {
  it('that is somebody else’s by now is left to him', () => {
    const path = join(folder, 'theirs');
    const mine = tryLock(path);
    if (mine.kind !== 'taken') throw new Error('nobody else is here');
    writeFileSync(path, 'of another');
    mine.release();
    expect(readFileSync(path, 'utf8')).toBe('of another');
  });

  it('is taken over also where the one who was about to do that died', () => {
    const path = join(folder, 'inherited');
    const right = `${path}.after-${createHash('sha256').update(DEAD).digest('hex').slice(0, 16)}`;
    for (const file of [path, right]) writeFileSync(file, DEAD);
    const heir = tryLock(path);
    if (heir.kind !== 'taken') throw new Error('nobody else is here');
    heir.release();
    expect([existsSync(path), existsSync(right)]).toEqual([false, false]);
  });

  it('that says nothing of its holder is taken over', () => {
    const path = join(folder, 'empty');
    for (const text of ['', 'null', '{"pid":']) {
      writeFileSync(path, text);
      const locking = tryLock(path);
      expect(locking.kind).toBe('taken');
      if (locking.kind === 'taken') locking.release();
    }
  });
});

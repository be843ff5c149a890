import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ganway-lock-'));
  lock = join(folder, 'work.lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('of many at once only one works at a time, and nothing is left behind', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await wait(5);
    inside--;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work)));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('work that fails gives the lock back', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a killed process is taken over', async () => {
  const script = `import(${JSON.stringify(new URL('lock.mjs', import.meta.url).href)}).then(({withLock}) =>
    withLock(${JSON.stringify(lock)}, () => { console.log('held'); return new Promise((r) => setTimeout(r, 1e6)); }))`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  let told: string | undefined;
  const taken = withLock(lock, async () => 'mine', {
    onWait: (who) => {
      told = who;
      holder.kill('SIGKILL');
    },
  });
  expect(await taken).toBe('mine');
  expect(told).toBe(`process ${holder.pid}`);
});

test('the lock of a process whose id another one has by now is taken over', async () => {
  const { hostname } = await import('node:os');
  writeFileSync(lock, JSON.stringify({ host: hostname(), pid: process.pid, started: 'long ago', count: 1 }));
  expect(await withLock(lock, async () => 'mine')).toBe('mine');
});

test('the lock of another host is taken over when it has been silent for a minute', async () => {
  writeFileSync(lock, JSON.stringify({ host: 'elsewhere', pid: 1, started: '1', count: 1 }));
  const taken = withLock(lock, async () => 'mine', {
    onWait: () => utimesSync(lock, new Date(), new Date(Date.now() - 61_000)),
  });
  expect(await taken).toBe('mine');
});

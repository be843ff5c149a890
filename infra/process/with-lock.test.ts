import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { withLock } from './with-lock.ts';

const folder = temporaryFolder();

const module = new URL('./with-lock.ts', import.meta.url).href;

/** Another process that takes the lock, says so, and holds it until it is killed. */
async function holder(path: string): Promise<ChildProcess> {
  const script = `
    import { withLock } from ${JSON.stringify(module)};
    await withLock(${JSON.stringify(path)}, { scratch: ${JSON.stringify(folder)} }, () => {
      process.send('held');
      return new Promise((resolve) => process.on('message', resolve));
    });
    process.disconnect();`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

test('lets one holder in at a time', async () => {
  const path = join(folder, 'mutual');
  let inside = 0;
  const most: number[] = [];
  const work = async (): Promise<void> => {
    most.push(++inside);
    await readdir(folder);
    inside--;
  };
  await Promise.all(Array.from({ length: 20 }, () => withLock(path, { scratch: folder }, work)));
  expect(most).toEqual(Array.from({ length: 20 }, () => 1));
});

test('waits for a holder that lives in another process', async () => {
  const path = join(folder, 'foreign');
  const child = await holder(path);
  const order: string[] = [];
  const gone = once(child, 'exit').then(() => order.push('released'));
  const mine = withLock(path, { scratch: folder }, async () => order.push('mine'));
  await expect(
    withLock(path, { scratch: folder, signal: AbortSignal.timeout(100) }, async () => order.push('never')),
  ).rejects.toThrow(/abort/);
  expect(order).toEqual([]);
  child.send('let go');
  await Promise.all([gone, mine]);
  expect(order.toSorted()).toEqual(['mine', 'released']);
});

test('is inherited exactly once when its holder is killed', async () => {
  const path = join(folder, 'killed');
  const child = await holder(path);
  let inside = 0;
  const heirs = Array.from({ length: 20 }, () =>
    withLock(path, { scratch: folder }, async () => {
      expect(++inside).toBe(1);
      await readdir(folder);
      inside--;
    }),
  );
  child.kill('SIGKILL');
  await Promise.all(heirs);
  expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual([]);
});

test('is released when the work fails', async () => {
  const path = join(folder, 'failing');
  const failing = withLock(path, { scratch: folder }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await withLock(path, { scratch: folder }, async () => 'free')).toBe('free');
});

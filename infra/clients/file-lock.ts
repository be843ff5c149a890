/** A lock between the processes of one machine that survives their death, as a file; knows nothing of what it guards. */
import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from './error-code.ts';

/**
 * When a process began, in the kernel's ticks, so that a process id used a second time is not taken for its first
 * owner. Empty where the system does not tell, and for a zombie.
 */
async function birthOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The second field is the program's name in parentheses and may hold spaces; the state follows, the start time is 19
  // further.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}

async function isAlive(owner: string): Promise<boolean> {
  const [pid = '', birth = ''] = owner.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    if (codeOf(error) !== 'EPERM') return false;
  }
  return birth === '' || (await birthOf(Number(pid))) === birth;
}

/** Writes `owner` into a new file at `path`, whole or not at all. False where there is one already. */
async function claim(path: string, owner: string, scratch: string): Promise<boolean> {
  const temporary = join(scratch, randomUUID());
  await writeFile(temporary, owner);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary).catch(() => {});
  }
}

/**
 * Removes a lock whose owner is dead.
 *
 * Two waiters may both see the dead owner; would both simply unlink, the slower one could remove the lock that the
 * faster one has taken since. So the right to unlink is itself claimed, under a name that only this one dead owner
 * has; if its claimant dies too, that right is inherited the same way.
 */
async function bury(path: string, dead: string, scratch: string): Promise<void> {
  const right = `${path}.after-${dead.split(' ')[2]}`;
  const heir = await newOwner();
  if (!(await claim(right, heir, scratch))) {
    const other = await readFile(right, 'utf8').catch(() => null);
    if (other !== null && !(await isAlive(other))) await bury(right, other, scratch);
    return;
  }
  if ((await readFile(path, 'utf8').catch(() => null)) === dead) await unlink(path);
  await unlink(right);
}

let born: Promise<string> | undefined;

/** Process id, its birth, and a name that no other owner has. */
async function newOwner(): Promise<string> {
  born ??= birthOf(process.pid);
  return `${process.pid} ${await born} ${randomUUID()}`;
}

export interface LockOptions {
  /** Folder for temporary files, on the same file system as the lock. */
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while no other holder of the lock at `path` does, on this machine.
 *
 * @throws what `work` throws; the signal's reason, when aborted while waiting; errors of the file system.
 */
export async function withFileLock<T>(
  path: string,
  { scratch, signal }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const owner = await newOwner();
  for (let tries = 0; !(await claim(path, owner, scratch)); tries++) {
    const holder = await readFile(path, 'utf8').catch(() => null);
    if (holder !== null && !(await isAlive(holder))) await bury(path, holder, scratch);
    else await pause(Math.random() * Math.min(20, 2 + tries), undefined, signal ? { signal } : {});
  }
  try {
    return await work();
  } finally {
    await unlink(path);
  }
}

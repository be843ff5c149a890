/** A lock between the processes of one machine that their death releases, as a file; knows nothing of what it guards. */
import { createHash, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';

export type Locking =
  | { readonly kind: 'taken'; readonly release: () => void }
  /** By a living process, which may be this one. */
  | { readonly kind: 'held'; readonly pid: number };

/**
 * Takes the lock at `path` where no living process holds it. Its calls are synchronous: each is on a file of some bytes.
 *
 * @param scratch folder for temporary files on the same file system, default that of the lock
 * @throws errors of the file system
 */
export function tryLock(path: string, scratch = dirname(path)): Locking {
  const mine = newOwner();
  for (;;) {
    const owner = read(path);
    if (owner === null) {
      if (claim(path, mine, scratch)) return { kind: 'taken', release: () => removeIf(path, mine) };
      continue;
    }
    const holder = living(owner) ?? bury(path, owner, mine, scratch);
    if (holder !== null) return { kind: 'held', pid: holder.pid };
  }
}

/**
 * Takes a folder for this process, also from a holder that died; makes it where there is none.
 *
 * @returns what gives it back
 * @throws Error where a living process holds it; errors of the file system, with their code
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const locking = tryLock(join(folder, 'process.lock'));
  if (locking.kind === 'taken') return locking.release;
  throw new Error(`${folder} is already open in process ${locking.pid}. Stop that process or choose another home.`);
}

let self: ProcessIdentity | undefined;

/** Who this process is, and a name that no other lock has. A system that proves no identity leaves the stamp empty. */
function newOwner(): string {
  self ??= identify(process.pid) ?? { pid: process.pid, stamp: '' };
  return JSON.stringify({ ...self, id: randomUUID() });
}

/** The process behind a lock, or null where it is dead or the lock is none of ours. */
function living(owner: string): ProcessIdentity | null {
  try {
    const holder = JSON.parse(owner) as ProcessIdentity;
    return (holder.stamp === '' ? takesSignals(holder.pid) : isAlive(holder)) ? holder : null;
  } catch {
    return null;
  }
}

function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** A link appears whole or not at all, so nobody reads half a lock. False where there is one already. */
function claim(path: string, owner: string, scratch: string): boolean {
  const temporary = join(scratch, `lock-${randomUUID()}`);
  writeFileSync(temporary, owner, { mode: 0o600 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
}

/**
 * Removes the lock of a dead owner; returns the living process that is about to, where there is one.
 *
 * Two processes may both have read the dead owner. Would both simply remove the file, the slower one would remove the
 * lock that the faster one has taken since; to rename and look leaves the same gap. So the right to remove is itself
 * claimed, under a name that only this one dead owner has; if its claimant dies too, that right is inherited alike.
 */
function bury(path: string, dead: string, mine: string, scratch: string): ProcessIdentity | null {
  const right = `${path}.after-${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`;
  if (claim(right, mine, scratch)) {
    removeIf(path, dead);
    removeIf(right, mine);
    return null;
  }
  const heir = read(right);
  if (heir === null) return null;
  return living(heir) ?? bury(right, heir, mine, scratch);
}

/** Removes a file that has this text; only who may remove it calls this, so it does not change in between. */
function removeIf(path: string, text: string): void {
  if (read(path) === text) unlinkSync(path);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

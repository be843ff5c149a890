/** A lock file that keeps two set-ups from doing the same work at once; does not know what the work is. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const HEARTBEAT_MS = 5000;
/** A holder on another host (or in another container) that has not touched its lock for so long is gone. */
const SILENCE_MS = 60_000;
let count = 0;

/**
 * Runs `work` while holding the lock file at `path`; waits for a living holder, takes over from a dead one.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{onWait?: (holder: string) => void}} [options] `onWait` is told once whom it waits for
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}.${++count}`;
  const content = JSON.stringify({ host: hostname(), pid: process.pid, started: startTime(process.pid), count });
  writeFileSync(own, content);
  let told = false;
  try {
    while (!take(own, path)) {
      const seen = read(path);
      if (seen !== null && isStale(seen, path)) {
        removeStale(path, seen, own);
        continue;
      }
      if (!told && seen !== null) onWait?.(describe(seen));
      told = true;
      await wait(100);
    }
  } finally {
    rmSync(own, { force: true });
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Somebody took the lock for stale (this machine slept): the work goes on, its last step is an atomic rename.
    }
  }, HEARTBEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (read(path) === content) rmSync(path, { force: true });
  }
}

/** The lock appears with its content in one step, so nobody ever reads half of it. @param {string} own @param {string} path */
function take(own, path) {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Two waiters may both see a dead holder; what was moved away is looked at again, and put back if it was a new one's. */
function removeStale(/** @type {string} */ path, /** @type {string} */ seen, /** @type {string} */ own) {
  const aside = `${own}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside) !== seen) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one has it by now.
    }
  }
  rmSync(aside, { force: true });
}

/** @param {string} content @param {string} path */
function isStale(content, path) {
  /** @type {{host?: string, pid?: number, started?: string | null}} */
  let holder = {};
  try {
    holder = JSON.parse(content);
  } catch {
    // Not one of ours; its age decides.
  }
  if (holder.host === hostname() && typeof holder.pid === 'number') {
    return !isAlive(holder.pid) || startTime(holder.pid) !== holder.started;
  }
  try {
    return Date.now() - statSync(path).mtimeMs > SILENCE_MS;
  } catch {
    return false;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Tells a process from a later one with the same id; null where the system has no /proc. @param {number} pid */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** @param {string} content */
function describe(content) {
  try {
    const { pid, host } = JSON.parse(content);
    return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
  } catch {
    return 'another process';
  }
}

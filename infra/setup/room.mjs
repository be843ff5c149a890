/** Whether a disk has room for wheels and what is taken out of them; frees none. */
import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * The most bytes that the wheels need beyond what is there: each is downloaded, unpacked and removed before the next.
 * @param {readonly import('./wheels.mjs').Wheel[]} wheels
 * @param {(wheel: import('./wheels.mjs').Wheel) => number} [bytesThere]   how much of a wheel was downloaded before
 */
export function roomFor(wheels, bytesThere = () => 0) {
  let kept = 0;
  let most = 0;
  for (const wheel of wheels) {
    const there = bytesThere(wheel);
    most = Math.max(most, kept + wheel.size - there + wheel.unpacked);
    kept += wheel.unpacked - there;
  }
  return most;
}

/**
 * Throws a SetupError, one sentence, where the disk of the cache has not enough room: before the first byte is downloaded.
 * @param {string} cache
 * @param {string} downloads   the folder of wheels, whole ones and parts
 * @param {readonly import('./wheels.mjs').Wheel[]} wheels
 */
export function checkRoom(cache, downloads, wheels) {
  const { bavail, bsize } = statfsSync(cache);
  const free = bavail * bsize;
  const needed = roomFor(wheels, ({ filename }) => {
    const path = join(downloads, filename);
    return sizeOf(path) || sizeOf(`${path}.part`);
  });
  if (needed <= free) return;
  throw new SetupError(
    `The disk of ${cache} has ${inGb(free)} GB free, and TensorFlow needs ${inGb(needed)} GB. Free some space, or set GANWAY_CACHE to a folder on another disk.`,
  );
}

/** @param {number} bytes */
const inGb = (bytes) => (bytes / 1e9).toFixed(1);

/** @param {string} path */
const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

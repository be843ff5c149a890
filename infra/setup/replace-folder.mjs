/** Puts a finished folder in the place of an older one, or leaves everything as it was; knows nothing of what is in it. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';

/**
 * `fill` writes into a sibling folder, which takes its place by a rename when it is done. When it throws, what it wrote is
 * removed, and so is what an earlier, killed one left. Only one process at a time may do this (hold a lock).
 * @param {string} folder
 * @param {(fresh: string) => Promise<void>} fill
 */
export async function replaceFolder(folder, fill) {
  removeLeftovers(folder);
  const fresh = `${folder}.new`;
  try {
    mkdirSync(fresh, { recursive: true });
    await fill(fresh);
    if (existsSync(folder)) renameSync(folder, `${folder}.old`);
    renameSync(fresh, folder);
  } finally {
    removeLeftovers(folder);
  }
}

/** @param {string} folder */
function removeLeftovers(folder) {
  for (const suffix of ['.new', '.old']) rmSync(`${folder}${suffix}`, { recursive: true, force: true });
}

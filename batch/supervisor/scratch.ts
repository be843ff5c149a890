/** The folder an attempt works in: it names its process, so that those of the dead are swept; knows nothing of what is in it. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '../../infra/process/identity.ts';

const OWNER = 'owner.json';

/** Makes a folder for this process below `workDir`. Removing it is the caller's. */
export async function makeScratch(workDir: string, name: string): Promise<string> {
  const folder = resolve(workDir, `${name}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  // A system that proves no identity gets no owner: such a folder is never swept.
  const owner = identify(process.pid);
  if (owner) await writeFile(join(folder, OWNER), JSON.stringify(owner));
  return folder;
}

/** Removes the folders of processes that are gone, which had no chance to; others, and those that name nobody, stay. */
export async function sweepScratch(workDir: string): Promise<void> {
  for (const name of await readdir(workDir).catch(() => [])) {
    const folder = resolve(workDir, name);
    const owner = await ownerOf(folder);
    // What another user made is that user's to remove.
    if (owner && !isAlive(owner)) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function ownerOf(folder: string): Promise<ProcessIdentity | null> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(folder, OWNER), 'utf8'));
    const isOwner = typeof owner === 'object' && owner !== null && 'pid' in owner && 'stamp' in owner;
    return isOwner && typeof owner.pid === 'number' && typeof owner.stamp === 'string'
      ? { pid: owner.pid, stamp: owner.stamp }
      : null;
  } catch {
    return null;
  }
}

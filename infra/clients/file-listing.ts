/** Walks a store's folder in the order of the keys; reads names only, no object. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { partOf } from './file-names.ts';

export interface Listed {
  /** One character per byte. */
  readonly key: string;
  readonly path: string;
}

interface Range {
  readonly prefix: string;
  readonly startAfter: string;
}

interface Entry {
  readonly key: string;
  readonly path: string;
  readonly folder: boolean;
}

async function entriesOf(folder: string, above: string): Promise<Entry[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    // Another process has removed the last object in it and then the folder.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const entries: Entry[] = [];
  for (const name of names) {
    const part = partOf(name);
    if (part) entries.push({ key: above + part.part, path: join(folder, name), folder: part.folder });
  }
  // No key in a folder but begins with the folder's own part, so sorting each level sorts the whole.
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Whether a folder whose keys all begin with `key` can hold one of the range. */
const mayHold = ({ prefix, startAfter }: Range, key: string): boolean =>
  (key.startsWith(prefix) || prefix.startsWith(key)) && (key > startAfter || startAfter.startsWith(key));

/**
 * The objects in `folder` whose keys begin with `prefix` and come after `startAfter`, lazily and in order.
 *
 * @param above the part of the key that the folder stands for; empty for the top.
 */
export async function* walk(folder: string, range: Range, above = ''): AsyncGenerator<Listed> {
  for (const { key, path, folder: isFolder } of await entriesOf(folder, above)) {
    if (isFolder) {
      if (mayHold(range, key)) yield* walk(path, range, key);
    } else if (key.startsWith(range.prefix) && key > range.startAfter) {
      yield { key, path };
    }
  }
}

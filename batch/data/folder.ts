/** Lists a folder on disk, with all folders below it; follows no links and opens no file. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diskEntry, type Entry, type Listing, sortEntries } from './entry.ts';
import { type ImportLimits, Unusable } from './limits.ts';

/** Every regular file below `root`. Throws {@link Unusable} where there are more than the limit. */
export async function listFolder(root: string, limits: ImportLimits): Promise<Listing> {
  const entries: Entry[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const item of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? item.name : `${folder}/${item.name}`;
      if (item.isDirectory()) folders.push(path);
      if (!item.isFile()) continue;
      if (entries.length === limits.files) throw new Unusable(`The folder holds more than ${limits.files} files.`);
      const file = join(root, path);
      entries.push(diskEntry(path, file, (await stat(file)).size));
    }
  }
  return { entries: sortEntries(entries), close: async () => {} };
}

/** Makes one file to upload out of what a person names: a file as it is, a folder as a zip; knows no API. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface Pack {
  readonly file: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Removes what was made for the upload. */
  dispose(): Promise<void>;
}

/** A zip's own clock would make equal folders unequal. */
const NO_TIME = new Date(1980, 0, 1);

/** Packs a path. Images are compressed already, so they are only stored. */
export async function pack(path: string): Promise<Pack> {
  const info = await stat(path);
  if (!info.isDirectory()) return measured(path, basename(path), async () => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'ganway-upload-'));
  const file = join(folder, 'images.zip');
  await zipFolder(path, file);
  return measured(file, `${basename(path) || 'folder'}.zip`, () => rm(folder, { recursive: true, force: true }));
}

async function zipFolder(path: string, target: string): Promise<void> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const zip = new ZipFile();
  for (const file of files.sort()) {
    const name = relative(path, file).split(sep).join('/');
    zip.addFile(file, name, { compress: false, mtime: NO_TIME });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(target));
}

async function measured(file: string, name: string, dispose: () => Promise<void>): Promise<Pack> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { file, name, bytes: (await stat(file)).size, sha256: hash.digest('hex'), dispose };
}

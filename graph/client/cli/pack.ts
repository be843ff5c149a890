/** Makes one file to upload out of what a person names: a file as it is, a folder as a zip; knows no API. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface Pack {
  readonly file: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What lies in the folder and is not in the file, and why. */
  readonly leftOut: readonly LeftOut[];
  /** Removes what was made for the upload. */
  dispose(): Promise<void>;
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** A zip's own clock would make equal folders unequal. */
const NO_TIME = new Date(1980, 0, 1);

/** Packs a path. Images are compressed already, so they are only stored. */
export async function pack(path: string): Promise<Pack> {
  const info = await stat(path);
  if (!info.isDirectory()) {
    return { ...(await measure(path)), name: basename(path), leftOut: [], dispose: async () => undefined };
  }
  const folder = await mkdtemp(join(tmpdir(), 'ganway-upload-'));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const file = join(folder, 'images.zip');
    const leftOut = await zipFolder(path, file);
    return { ...(await measure(file)), name: `${basename(resolve(path)) || 'folder'}.zip`, leftOut, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Links to files are followed; links to folders are not, as they may lead round in circles. */
async function zipFolder(path: string, target: string): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  const zip = new ZipFile();
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const named = entries.map((entry) => ({ entry, file: join(entry.parentPath, entry.name) }));
  for (const { entry, file } of named.sort((a, b) => (a.file < b.file ? -1 : 1))) {
    const name = relative(path, file).split(sep).join('/');
    const reason = entry.isFile() || entry.isDirectory() ? null : await whyNot(file);
    if (reason !== null) leftOut.push({ name, reason });
    else if (!entry.isDirectory()) zip.addFile(file, name, { compress: false, mtime: NO_TIME });
  }
  zip.end();
  // What goes wrong with one file is said by the zip and not by its stream.
  const failed = once(zip, 'error').then(([error]) => Promise.reject(error));
  await Promise.race([pipeline(zip.outputStream, createWriteStream(target)), failed]);
  return leftOut;
}

/** Null where a path leads to a file after all. */
async function whyNot(file: string): Promise<string | null> {
  try {
    const info = await stat(file);
    if (info.isFile()) return null;
    return info.isDirectory() ? 'It is a link to a folder.' : 'It is no file.';
  } catch {
    return 'It is a link to nothing.';
  }
}

async function measure(file: string): Promise<Pick<Pack, 'file' | 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { file, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}

/** Brings files of a run to this machine whole: under another name until their hash is right; knows no API. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CommandError, EXIT } from './exit.ts';

/** What the API says of a file. */
export interface Remote {
  readonly url: string;
  readonly sha256: string;
}

/** @throws CommandError where the folder cannot be made */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new CommandError(EXIT.usage, `The folder ${folder} cannot be made: ${wordsOf(cause)}`, { cause });
  }
}

/**
 * Writes a file, replacing one of that name.
 *
 * @throws CommandError where it does not arrive as it is said to be; nothing is left of it then
 */
export async function download({ url, sha256 }: Remote, file: string): Promise<void> {
  const part = `${file}.part`;
  try {
    const hash = createHash('sha256');
    const hashed = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(await bodyOf(url), hashed, createWriteStream(part));
    if (hash.digest('hex') !== sha256) throw new Error('its hash is not the one that was promised');
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true });
    throw new CommandError(EXIT.failed, `${file} could not be downloaded from ${url}: ${wordsOf(cause)}`, { cause });
  }
}

/**
 * Writes all files below a folder that is there, and says where each is. None is seen before the last has arrived;
 * files of their names are replaced.
 *
 * @throws CommandError where one does not arrive, or is named as if it belonged elsewhere
 */
export async function downloadAll<T extends Remote & { readonly name: string }>(
  files: readonly T[],
  folder: string,
): Promise<(T & { readonly file: string })[]> {
  const arriving = await mkdtemp(join(folder, '.arriving-'));
  try {
    for (const file of files) {
      const target = join(arriving, within(file.name));
      await mkdir(dirname(target), { recursive: true });
      await download(file, target);
    }
    const placed = [];
    for (const remote of files) {
      const file = join(folder, remote.name);
      await mkdir(dirname(file), { recursive: true });
      await rename(join(arriving, remote.name), file);
      placed.push({ ...remote, file });
    }
    return placed;
  } finally {
    await rm(arriving, { recursive: true, force: true });
  }
}

/** A name that leads out of the folder is an attack or a bug of the server. */
function within(name: string): string {
  const path = normalize(name);
  if (!isAbsolute(path) && path.split(/[\\/]/)[0] !== '..') return path;
  throw new CommandError(EXIT.failed, `The server names a file outside of its folder: ${name}`);
}

async function bodyOf(url: string): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(url);
  if (response.ok && response.body) return response.body;
  throw new Error(`the answer was ${response.status}`);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What fetch throws says the reason in its cause alone.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

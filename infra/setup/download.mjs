/** Puts one file of known size and hash on the disk, going on where an earlier try stopped; does not know what is in it. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  createReadStream,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { get, SILENCE_MS } from './http.mjs';
import { SetupError } from './setup-error.mjs';

/** So many tries in a row may bring nothing new before it gives up. */
const FRUITLESS_TRIES = 5;

/**
 * Downloads `url` to `path`. A file cut short lies at `<path>.part` and is continued by a range request.
 * @param {object} options
 * @param {string} options.url
 * @param {string} options.path
 * @param {number} options.size    bytes
 * @param {string} options.sha256  hex
 * @param {(done: number, total: number) => void} [options.onBytes]
 * @param {number} [options.retryMs] pause after the first fruitless try, doubled after each further one
 */
export async function download({ url, path, size, sha256, onBytes = () => {}, retryMs = 500 }) {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  let fruitless = 0;
  while (sizeOf(part) < size) {
    const before = sizeOf(part);
    try {
      await fetchRest(url, part, before, size, onBytes);
    } catch (error) {
      if (isHopeless(error)) throw error;
      fruitless = sizeOf(part) > before ? 0 : fruitless + 1;
      if (fruitless >= FRUITLESS_TRIES) throw error;
      await wait(retryMs * 2 ** fruitless);
    }
  }
  const found = await sha256Of(part);
  if (sizeOf(part) !== size || found !== sha256) {
    rmSync(part, { force: true });
    throw new SetupError(
      `${url} is not the file that Ganway expects (sha256 ${found}, expected ${sha256}); it was thrown away. Try again, or another index by GANWAY_PYPI_INDEX.`,
    );
  }
  renameSync(part, path);
}

/** @param {string} url @param {string} part @param {number} from @param {number} size @param {(done: number, total: number) => void} onBytes */
async function fetchRest(url, part, from, size, onBytes) {
  const response = await get(url, from > 0 ? { range: `bytes=${from}-` } : {});
  const { statusCode = 0, headers } = response;
  const continues = statusCode === 206 && headers['content-range']?.startsWith(`bytes ${from}-`);
  if (statusCode !== 200 && !continues) {
    response.resume();
    if (statusCode === 416) rmSync(part, { force: true });
    const message = `${new URL(url).host} answers ${statusCode} for ${new URL(url).pathname}`;
    throw statusCode >= 500 || statusCode === 416 || statusCode === 429
      ? new Error(message)
      : new SetupError(`${message}.`);
  }
  let done = continues ? from : 0;
  const announced = Number(headers['content-length'] ?? size - done);
  if (done + announced !== size) {
    response.destroy();
    rmSync(part, { force: true });
    throw new SetupError(
      `${url} is not the file that Ganway expects (${done + announced} bytes, expected ${size}). Try another index by GANWAY_PYPI_INDEX.`,
    );
  }
  response.setTimeout(SILENCE_MS, () => response.destroy(new Error('the download stands still')));
  const file = openSync(part, continues ? 'a' : 'w');
  try {
    for await (const chunk of response) {
      done += chunk.length;
      if (done > size) throw new SetupError(`${url} is longer than it should be.`);
      // At once: what waits in a stream when the connection breaks is thrown away with it.
      appendFileSync(file, chunk);
      onBytes(done, size);
    }
  } finally {
    closeSync(file);
  }
}

/** A full disk or a refusal does not pass by waiting. @param {unknown} error */
function isHopeless(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
  return error instanceof SetupError || ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOTFOUND'].includes(code);
}

/** @param {string} path */
function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** @param {string} path */
async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Finds a pinned wheel on a Python package index and downloads it; knows the index protocol, not what a wheel is for. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { download } from './download.mjs';
import { get } from './http.mjs';
import { SetupError } from './setup-error.mjs';

const PUBLIC_INDEX = 'https://pypi.org/simple';

/** The index in use: `GANWAY_PYPI_INDEX`, pip's own `PIP_INDEX_URL`, or the public one. */
export function packageIndex(env = process.env) {
  return (env.GANWAY_PYPI_INDEX || env.PIP_INDEX_URL || PUBLIC_INDEX).replace(/\/+$/, '');
}

/**
 * The path of the wheel in `folder`, downloaded when it is not there yet. Only one process at a time may do this (hold a lock).
 * @param {import('./wheels.mjs').Wheel} wheel
 * @param {string} folder
 * @param {import('./progress.mjs').Step} step
 */
export async function fetchWheel(wheel, folder, step) {
  const path = join(folder, wheel.filename);
  if (existsSync(path)) return path;
  step.now(`looking for ${wheel.filename}`);
  const url = await addressOf(wheel, packageIndex());
  const { size, sha256 } = wheel;
  await download({ url, path, size, sha256, onBytes: (done, total) => step.bytes(done, total) });
  return path;
}

/**
 * Where the index keeps the file (simple repository API, JSON form, PEP 691; addresses may be relative to the page).
 * @param {Pick<import('./wheels.mjs').Wheel, 'project' | 'filename'>} wheel
 * @param {string} index
 */
export async function addressOf(wheel, index) {
  const page = `${index}/${wheel.project}/`;
  const response = await get(page, { accept: 'application/vnd.pypi.simple.v1+json' });
  const body = await text(response);
  const shown = page.replace(/\/\/[^/@]*@/, '//');
  if (response.statusCode !== 200) {
    throw new SetupError(
      `The package index answers ${response.statusCode} for ${shown}. Set GANWAY_PYPI_INDEX to one that has ${wheel.project}.`,
    );
  }
  /** @type {{files: {filename: string, url: string}[]}} */
  let listing;
  try {
    listing = JSON.parse(body);
  } catch (cause) {
    throw new SetupError(
      `The package index at ${shown} does not speak PyPI's JSON API (PEP 691). Set GANWAY_PYPI_INDEX to one that does.`,
      { cause },
    );
  }
  const file = listing.files.find(({ filename }) => filename === wheel.filename);
  if (!file)
    throw new SetupError(
      `The package index at ${shown} does not have ${wheel.filename}. Set GANWAY_PYPI_INDEX to one that does.`,
    );
  return new URL(file.url, page).href;
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { download, downloadAll } from './download.ts';
import { EXIT } from './exit.ts';

const WEIGHTS = Buffer.alloc(200_000, 'weights');
const remote = (path: string, content: Buffer | string = WEIGHTS) => ({
  url: `${origin}/${path}`,
  sha256: createHash('sha256').update(content).digest('hex'),
});

let origin: string;
const server = createServer(({ url }, response) => {
  if (url === '/weights') response.end(WEIGHTS);
  // The connection ends before the promised length.
  else if (url === '/cut') response.writeHead(200, { 'content-length': WEIGHTS.length }).write(WEIGHTS.subarray(0, 9));
  else response.writeHead(404).end();
  if (url === '/cut') setImmediate(() => response.destroy());
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe('a download', () => {
  it('is a file once it is whole, in place of one of its name', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'weights.bin');
    writeFileSync(file, 'old');
    await download(remote('weights'), file);
    expect(readFileSync(file)).toEqual(WEIGHTS);
    expect(readdirSync(folder)).toEqual(['weights.bin']);
  });

  it.each([
    ['breaks off', 'cut', WEIGHTS, /terminated/],
    ['is another file than was promised', 'weights', 'other', /its hash is not the one/],
    ['is not there', 'none', WEIGHTS, /the answer was 404/],
  ])('that %s leaves nothing, and what was there before', async (_name, path, content, words) => {
    const folder = temporaryFolder();
    const file = join(folder, 'weights.bin');
    writeFileSync(file, 'old');
    const failed = { exitCode: EXIT.failed, message: expect.stringMatching(words) };
    await expect(download(remote(path, content), file)).rejects.toMatchObject(failed);
    expect(readdirSync(folder)).toEqual(['weights.bin']);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});

describe('a download of several files', () => {
  const model = () => ({ ...remote('weights'), name: 'tfjs/model.json' });

  it('puts them where their names say, beside what is there', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'tfjs'));
    writeFileSync(join(folder, 'tfjs/mine.txt'), 'mine');
    const placed = await downloadAll([model(), { ...remote('weights'), name: 'a.bin' }], folder);
    expect(placed.map(({ file }) => file)).toEqual([join(folder, 'tfjs/model.json'), join(folder, 'a.bin')]);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'a.bin',
      'tfjs',
      'tfjs/mine.txt',
      'tfjs/model.json',
    ]);
    expect(readFileSync(join(folder, 'a.bin'))).toEqual(WEIGHTS);
  });

  it.each([
    ['breaks off', 'cut', 'b.bin'],
    ['would leave the folder', 'weights', '../b.bin'],
    ['would leave the folder by a detour', 'weights', 'tfjs/../../b.bin'],
    ['has a place of its own', 'weights', '/b.bin'],
  ])('shows none where one %s', async (_name, path, name) => {
    const parent = temporaryFolder();
    const folder = join(parent, 'out');
    mkdirSync(folder);
    const failed = { exitCode: EXIT.failed };
    await expect(downloadAll([model(), { ...remote(path), name }], folder)).rejects.toMatchObject(failed);
    expect(readdirSync(parent, { recursive: true })).toEqual(['out']);
  });
});

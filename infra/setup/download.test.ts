import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { download } from './download.mjs';
import { SetupError } from './setup-error.mjs';

const content = randomBytes(200_000);
const sha256 = createHash('sha256').update(content).digest('hex');
let folder: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ganway-download-'));
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The address of a file served by `listener`. */
async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/file.whl`;
}

/** A server that keeps to range requests and breaks each of the first `breaks` answers in the middle. */
function breaking(breaks: number, ranges: (string | undefined)[]): RequestListener {
  let left = breaks;
  return (request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    const rest = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    // Ended, not destroyed: a reset would throw away what the client has not read yet.
    if (left-- > 0) response.write(rest.subarray(0, 50_000), () => response.socket?.end());
    else response.end(rest);
  };
}

const options = (url: string) => ({ url, path: join(folder, 'file.whl'), size: content.length, sha256, retryMs: 1 });

test('a broken download goes on where it broke, and loses nothing that had come', async () => {
  const ranges: (string | undefined)[] = [];
  await download(options(await serve(breaking(2, ranges))));
  expect(readFileSync(join(folder, 'file.whl')).equals(content)).toBe(true);
  expect(ranges).toEqual([undefined, 'bytes=50000-', 'bytes=100000-']);
});

test('a part that an earlier process left is continued', async () => {
  writeFileSync(join(folder, 'file.whl.part'), content.subarray(0, 1234));
  const ranges: (string | undefined)[] = [];
  await download(options(await serve(breaking(0, ranges))));
  expect(ranges).toEqual(['bytes=1234-']);
  expect(readFileSync(join(folder, 'file.whl')).equals(content)).toBe(true);
});

test('a server that knows no ranges is asked from the start', async () => {
  writeFileSync(join(folder, 'file.whl.part'), content.subarray(0, 1234));
  await download(options(await serve((_, response) => response.end(content))));
  expect(readFileSync(join(folder, 'file.whl')).equals(content)).toBe(true);
});

test('another file than the pinned one is thrown away', async () => {
  const other = Buffer.from(content);
  other[0] = (other[0] ?? 0) ^ 1;
  const url = await serve((_, response) => response.end(other));
  await expect(download(options(url))).rejects.toThrow(SetupError);
  expect(existsSync(join(folder, 'file.whl'))).toBe(false);
  expect(existsSync(join(folder, 'file.whl.part'))).toBe(false);
});

test('a file longer than the pinned one is refused while it arrives', async () => {
  const url = await serve((_, response) => response.end(Buffer.concat([content, content])));
  await expect(download(options(url))).rejects.toThrow(SetupError);
});

test('a refusal is told at once, an overloaded server is asked again', async () => {
  let asked = 0;
  const refusing = await serve((_, response) => {
    asked++;
    response.writeHead(404).end();
  });
  await expect(download(options(refusing))).rejects.toThrow(/answers 404/);
  expect(asked).toBe(1);
  server?.close();
  asked = 0;
  const url = await serve((_, response) => {
    if (asked++ < 2) response.writeHead(503).end();
    else response.end(content);
  });
  await download(options(url));
  expect(asked).toBe(3);
});

test('progress is told in bytes of the whole file', async () => {
  const seen: number[] = [];
  await download({ ...options(await serve(breaking(1, []))), onBytes: (done) => seen.push(done) });
  expect(seen.at(-1)).toBe(content.length);
  expect(seen.every((done, index) => done > (seen[index - 1] ?? 0))).toBe(true);
});

/** A Python package index on this machine with made-up wheels under the names of pinned ones; knows no set-up. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { Wheel } from '../wheels.mjs';

/** What a made-up wheel holds, by path. */
export type Content = Readonly<Record<string, Buffer>>;

export interface WheelIndex {
  /** For `GANWAY_PYPI_INDEX`. */
  readonly url: string;
  /** Every request for a file so far, with the range it asked for. */
  readonly asked: { readonly filename: string; readonly range: string | undefined }[];
  /** Puts a wheel into the index; returns its pin as the set-up would have it. */
  add<W extends Wheel>(pin: W, content: Content): Promise<W>;
  /** From now on the file differs from its pin in one byte, or is as it was. */
  damage(filename: string, damaged: boolean): void;
  /** The next answer for the file ends after so many bytes. */
  breakOnce(filename: string, after: number): void;
  close(): void;
}

/** Speaks the simple repository API in its JSON form (PEP 691), and ranges (RFC 9110 §14). */
export async function openWheelIndex(): Promise<WheelIndex> {
  const files = new Map<string, { readonly project: string; bytes: Buffer; breakAfter: number | null }>();
  const asked: WheelIndex['asked'] = [];

  const page = (project: string, response: ServerResponse): void => {
    const listed = [...files].filter(([, file]) => file.project === project).map(([filename]) => filename);
    const names = [...listed, ...listed.flatMap(strangers)];
    if (names.length === 0) return void response.writeHead(404).end();
    response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
    response.end(JSON.stringify({ files: names.map((filename) => ({ filename, url: `../../files/${filename}` })) }));
  };

  const send = (filename: string, { headers: { range } }: IncomingMessage, response: ServerResponse): void => {
    asked.push({ filename, range });
    const file = files.get(filename);
    if (!file) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const rest = file.bytes.subarray(from);
    const { breakAfter } = file;
    file.breakAfter = null;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${file.bytes.length - 1}/${file.bytes.length}` }),
    });
    if (breakAfter === null) response.end(rest);
    // Ended, not destroyed: a reset would throw away what the client has not read yet.
    else response.write(rest.subarray(0, breakAfter), () => response.socket?.end());
  };

  const server = createServer((request, response) => {
    const [, kind, name = ''] = (request.url ?? '').split('/');
    if (kind === 'simple') page(name, response);
    else send(name, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : '';

  return {
    url: `http://127.0.0.1:${port}/simple`,
    asked,
    async add(pin, content) {
      const bytes = await zip(content);
      files.set(pin.filename, { project: pin.project, bytes, breakAfter: null });
      const unpacked = Object.values(content).reduce((sum, file) => sum + file.length, 0);
      return { ...pin, size: bytes.length, unpacked, sha256: createHash('sha256').update(bytes).digest('hex') };
    },
    damage(filename, damaged) {
      const file = files.get(filename);
      if (!file) throw new Error(`no ${filename} in the index`);
      // The first byte of a zip archive is always a P.
      file.bytes[0] = damaged ? 0 : 'P'.charCodeAt(0);
    },
    breakOnce(filename, after) {
      const file = files.get(filename);
      if (!file) throw new Error(`no ${filename} in the index`);
      file.breakAfter = after;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What an index lists beside a file: other platforms, other Pythons and other versions of it. Asking for one is answered by 404. */
function strangers(filename: string): string[] {
  const [project, , ...tags] = filename.split('-');
  return [
    filename.replace('x86_64', 'aarch64'),
    filename.replace(/-[^-]*\.whl$/, '-win_amd64.whl'),
    filename.replaceAll('cp311', 'cp312'),
    [project, '99.0', ...tags].join('-'),
  ].filter((name) => name !== filename);
}

async function zip(content: Content): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [path, bytes] of Object.entries(content)) archive.addBuffer(bytes, path, { mode: 0o100755 });
  archive.end();
  return buffer(archive.outputStream);
}

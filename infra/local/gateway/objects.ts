/** Serves signed links to objects on the gateway's own port, so that one port suffices; knows the store only by its port. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { MAX_UPLOAD } from '../../../graph/datasets/upload.ts';
import type { ObjectStore } from '../../../graph/storage/ports.ts';
import { type LocalSigner, OBJECTS_PATH } from '../../clients/local-signer.ts';
import { refuse } from './answer.ts';
import { readExactly } from './body.ts';
import type { Route } from './gateway.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
};

/** What one request to a signed link needs. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

export interface ObjectsOptions {
  readonly store: ObjectStore;
  readonly signer: LocalSigner;
  readonly now?: () => Date;
}

/** The route of everything below `/objects/`: GET and HEAD of links to read, PUT of links to write. */
export function objectsRoute({ store, signer, now = () => new Date() }: ObjectsOptions): Route {
  return async (request, response, path) => {
    if (!path.startsWith(OBJECTS_PATH)) return false;
    const exchange = { request, response, url: new URL(request.url ?? '/', 'http://gateway') };
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        await read(exchange, store, signer, now());
        return true;
      case 'PUT':
        await write(exchange, store, signer, now());
        return true;
      default:
        response.setHeader('allow', 'GET, HEAD, PUT');
        refuse(response, { status: 405, message: 'Objects are read with GET and written with PUT.' });
        return true;
    }
  };
}

async function read({ request, response, url }: Exchange, store: ObjectStore, signer: LocalSigner, now: Date) {
  const grant = signer.verifyRead(url, now);
  if (grant.kind === 'refused') return refuse(response, refusalOf(grant.reason));
  const summary = await store.head(grant.key);
  if (summary === null) return refuse(response, { status: 404, message: 'There is no such object.' });
  const etag = quoted(summary.etag);
  const seconds = Math.max(0, Math.floor((grant.expiresAt.getTime() - now.getTime()) / 1000));
  response.setHeader('etag', etag);
  response.setHeader('cache-control', `private, max-age=${seconds}, immutable`);
  response.setHeader('content-type', CONTENT_TYPES[extname(grant.key)] ?? 'application/octet-stream');
  response.setHeader('x-content-type-options', 'nosniff');
  // What users upload is never run as a page of this origin.
  response.setHeader('content-security-policy', "default-src 'none'; sandbox");
  if (knows(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }
  if (request.method === 'HEAD') {
    response.writeHead(200, { 'content-length': summary.size }).end();
    return;
  }
  const object = await store.get(grant.key);
  if (object === null) return refuse(response, { status: 404, message: 'There is no such object.' });
  response.writeHead(200, { etag: quoted(object.etag), 'content-length': object.body.byteLength }).end(object.body);
}

function quoted(etag: string): string {
  return `"${etag.replaceAll('"', '')}"`;
}

/** Whether an If-None-Match names this etag. */
function knows(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag) ?? false;
}

async function write({ request, response, url }: Exchange, store: ObjectStore, signer: LocalSigner, now: Date) {
  const grant = signer.verifyWrite(url, now);
  const refuseBody = (status: number, message: string) => {
    response.setHeader('connection', 'close');
    refuse(response, { status, message });
  };
  if (grant.kind === 'refused') return refuseBody(403, refusalOf(grant.reason).message);
  if (grant.bytes > MAX_UPLOAD) return refuseBody(413, `An upload has at most ${MAX_UPLOAD} bytes.`);
  const reading = await readExactly(request, grant.bytes);
  if (reading.kind === 'longer') {
    return refuseBody(413, `The body is longer than the ${grant.bytes} bytes that were announced.`);
  }
  if (reading.kind === 'shorter') {
    return refuse(response, {
      status: 400,
      message: `The body has ${reading.bytes} bytes, ${grant.bytes} were announced.`,
    });
  }
  const { body } = reading;
  if (createHash('sha256').update(body).digest('hex') !== grant.sha256.toLowerCase()) {
    return refuse(response, { status: 400, message: 'The body has another sha256 than the one announced.' });
  }
  const { etag } = await store.put(grant.key, body, {
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
  });
  response.writeHead(200, { etag: quoted(etag) }).end();
}

function refusalOf(reason: 'EXPIRED' | 'INVALID') {
  return reason === 'EXPIRED'
    ? { status: 403, message: 'The link has expired. Ask the API for a new one.' }
    : { status: 403, message: 'The link is not one of this server, or was changed.' };
}

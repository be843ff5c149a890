/** Puts the explorer on the gateway's port: the page at `/` and the files it loads; knows no GraphQL. */
import { createHash } from 'node:crypto';
import type { Route } from '../gateway/gateway.ts';
import { explorerAsset } from './assets.ts';

export const explorerRoute: Route = async (request, response, path) => {
  const asset = request.method === 'GET' || request.method === 'HEAD' ? explorerAsset(path) : null;
  if (asset === null) return false;
  const { body, contentType, headers } = asset;
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { ...headers, etag }).end();
    return true;
  }
  response.writeHead(200, { ...headers, etag, 'content-type': contentType, 'content-length': String(body.length) });
  response.end(request.method === 'HEAD' ? undefined : body);
  return true;
};

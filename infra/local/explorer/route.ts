/** The explorer as a route of the local gateway; knows nothing of what it shows. */
import { createHash } from 'node:crypto';
import type { Route } from '../gateway/gateway.ts';
import { explorerAsset } from './assets.ts';

/** Answers GET and HEAD of the explorer's paths. */
export const explorerRoute: Route = async (request, response, path) => {
  const asset = request.method === 'GET' || request.method === 'HEAD' ? explorerAsset(path) : null;
  if (asset === null) return false;
  const etag = `"${createHash('sha256').update(asset.body).digest('base64url')}"`;
  const unchanged = request.headers['if-none-match'] === etag;
  response.writeHead(unchanged ? 304 : 200, { ...asset.headers, 'content-type': asset.contentType, etag });
  response.end(unchanged || request.method === 'HEAD' ? undefined : asset.body);
  return true;
};

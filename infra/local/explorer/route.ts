/** Puts the explorer on the gateway's port: the page at `/` and the files it loads; knows no GraphQL. */
import type { Route } from '../gateway/gateway.ts';
import { explorerAsset } from './assets.ts';

export const explorerRoute: Route = async (request, response, path) => {
  const asset = explorerAsset(path);
  if (!asset || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  response.writeHead(200, {
    ...asset.headers,
    'content-type': asset.contentType,
    'content-length': String(asset.body.length),
  });
  response.end(request.method === 'HEAD' ? undefined : asset.body);
  return true;
};

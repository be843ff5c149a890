/** The files of the explorer, all from this machine; knows no server. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Asset {
  readonly body: Buffer;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

const require = createRequire(import.meta.url);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const inPackage = (name: string, file: string): string => join(dirname(require.resolve(`${name}/package.json`)), file);

/** What is served, by path. Nothing else of any folder can be asked for. */
const FILES: Readonly<Record<string, () => string>> = {
  '/': () => here('./index.html'),
  '/explorer/explorer.js': () => here('./explorer.js'),
  '/explorer/explorer.css': () => here('./explorer.css'),
  '/explorer/graphiql.min.js': () => inPackage('graphiql', 'graphiql.min.js'),
  '/explorer/graphiql.min.css': () => inPackage('graphiql', 'graphiql.min.css'),
  '/explorer/graphql-ws.min.js': () => inPackage('graphql-ws', 'umd/graphql-ws.min.js'),
  '/explorer/react.production.min.js': () => inPackage('react', 'umd/react.production.min.js'),
  '/explorer/react-dom.production.min.js': () => inPackage('react-dom', 'umd/react-dom.production.min.js'),
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** Scripts only from files of this server, never inline; styles also inline, because GraphiQL's dialogs need it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const cache = new Map<string, Asset>();

/** The file at a path of the server, or null where the explorer has none there. */
export function explorerAsset(path: string): Asset | null {
  const cached = cache.get(path);
  if (cached) return cached;
  const locate = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!locate) return null;
  const file = locate();
  const asset: Asset = {
    body: readFileSync(file),
    contentType: TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    headers: {
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
  };
  cache.set(path, asset);
  return asset;
}

/** An OpenID Connect issuer: real HTTP, real keys, and a way to make it fail; no test. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const AUDIENCE = 'ganway';
const ALGORITHM = 'ES256';

export interface Issuer {
  /** What stands in `iss`. */
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** The public keys it shows. */
  readonly published: JWK[];
  /** Answers in place of the usual, by path. */
  readonly instead: Map<string, (response: ServerResponse) => void>;
  /** A token of its newest key: good for five minutes, of `ada`, but for what is given. A claim that is undefined is left out. */
  token(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Signs with a new key from now on; `forget` no longer shows the ones before. */
  rotate(options?: { readonly forget?: boolean }): Promise<void>;
  close(): Promise<void>;
}

export const DISCOVERY = '/.well-known/openid-configuration';
export const KEYS = '/keys';

export async function startIssuer(): Promise<Issuer> {
  const asked: string[] = [];
  const published: JWK[] = [];
  const instead: Issuer['instead'] = new Map();
  let newest: { readonly key: CryptoKey; readonly kid: string };
  const server = createServer(({ url: path = '' }, response) => {
    asked.push(path);
    const other = instead.get(path);
    if (other) return other(response);
    const body = { [DISCOVERY]: { issuer: url, jwks_uri: `${url}${KEYS}` }, [KEYS]: { keys: published } }[path];
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rotate: Issuer['rotate'] = async ({ forget = false } = {}) => {
    const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
    const kid = `key-${published.length + 1}-${Math.floor(performance.now())}`;
    if (forget) published.length = 0;
    published.push({ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' });
    newest = { key: privateKey, kid };
  };
  await rotate();
  return {
    ...{ url, asked, published, instead, rotate },
    token: async (claims = {}) => {
      const exp = Math.floor(Date.now() / 1000) + 300;
      const usual = { iss: url, aud: AUDIENCE, sub: 'ada', name: 'Ada Lovelace', exp };
      const { key, kid } = newest;
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: ALGORITHM, kid }).sign(key);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kind, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateOperation } from '../../../graph/limits/validate.ts';
import { schema } from '../../../graph/schema.ts';
import { explorerRoute } from './route.ts';

const server = createServer(async (request, response) => {
  if (!(await explorerRoute(request, response, new URL(request.url ?? '/', 'http://x').pathname))) {
    response.writeHead(404).end();
  }
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

describe('the explorer', () => {
  it('loads everything its page names from the server itself', async () => {
    const page = await (await fetch(`${origin}/`)).text();
    const references = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    const paths = references.filter((path) => path !== 'data:,');
    expect(paths).toHaveLength(7);
    for (const path of paths) {
      expect(path).toMatch(/^\/explorer\//);
      const file = await fetch(origin + path);
      expect([path, file.status]).toEqual([path, 200]);
      expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
  });

  it('has no inline script, and a policy that would block one', async () => {
    const response = await fetch(`${origin}/`);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(await response.text()).not.toMatch(/<script(?![^>]*\ssrc=)/);
  });

  it('serves no other file, however its path is spelt', async () => {
    for (const path of ['/explorer/', '/explorer/../assets.ts', '/explorer/%2e%2e/assets.ts', '/constructor']) {
      expect((await fetch(origin + path)).status).toBe(404);
    }
  });

  it('is not sent again while it has not changed', async () => {
    const first = await fetch(`${origin}/explorer/graphiql.min.js`);
    await first.arrayBuffer();
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await fetch(`${origin}/explorer/graphiql.min.js`, { headers })).status).toBe(304);
  });

  it('begins with operations that the server accepts', () => {
    const script = readFileSync(new URL('./explorer.js', import.meta.url), 'utf8');
    const text = /FIRST_STEPS = `([\s\S]*?)`;/.exec(script)?.[1] ?? '';
    const operations = parse(text).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    expect(operations).toHaveLength(3);
    for (const operation of operations) expect(validateOperation(schema, print(operation)).errors).toBeUndefined();
    expect(validateOperation(schema, text).errors).toBeUndefined();
  });
});

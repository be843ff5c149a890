import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, viewer, type World } from '../../functions/testing/world.ts';
import { sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import {
  type ApiKey,
  createApiKey,
  isSecretOf,
  keyIdOf,
  listApiKeys,
  loadApiKey,
  MAX_KEYS,
  parseApiKey,
  revokeApiKey,
  viewerOfKey,
} from './api-keys.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function make(name = 'ci', expiresAt: Date | null = null): Promise<{ key: ApiKey; token: string }> {
  const made = await createApiKey(world.g, viewer, { name, role: 'RUNNER', expiresAt });
  if (made.kind !== 'created') throw new Error(JSON.stringify(made));
  return made;
}

describe('an API key', () => {
  it('is one project and one role to who has its secret', async () => {
    const { key, token } = await make();
    expect(token).toMatch(/^gw_lab-[0-9a-z]{18}_[A-Za-z0-9_-]{43}$/);
    const parsed = parseApiKey(token);
    expect(parsed?.id).toBe(key.id);
    const loaded = await loadApiKey(world.g.store, key.id);
    expect(loaded).toEqual(key);
    expect(isSecretOf(key, parsed?.secret ?? '')).toBe(true);
    const projects = [{ id: 'lab', name: 'lab', role: 'RUNNER' }];
    const who = viewerOfKey(key, world.g.now());
    expect(who).toEqual({ id: `key:${key.id}`, name: 'ci', projects });
    expect(keyIdOf(who?.id ?? '')).toBe(key.id);
  });

  it('leaves no trace of its secret in the bucket, and 256 bits of it with its holder', async () => {
    const tokens = [await make(), await make()].map(({ token }) => parseApiKey(token)?.secret ?? '');
    expect(new Set(tokens.map((secret) => Buffer.from(secret, 'base64url').length))).toEqual(new Set([32]));
    expect(tokens[0]).not.toBe(tokens[1]);
    const everything = await Promise.all(
      (await listAll(world.g.store, '')).map(async ({ key }) => {
        const object = await world.g.store.get(key);
        return key + Buffer.from(object?.body ?? []).toString();
      }),
    );
    for (const secret of tokens) {
      expect(everything.join('\n')).not.toContain(secret);
      expect(everything.join('\n')).toContain(sha256(secret));
    }
  });

  it('is not that of another secret, however like', async () => {
    const { key, token } = await make();
    const secret = parseApiKey(token)?.secret ?? '';
    const other = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'E' : 'A'}`;
    for (const wrong of [other, secret.slice(1), `${secret}A`, '', sha256(secret)]) {
      expect(isSecretOf(key, wrong)).toBe(false);
    }
  });

  it('ends when it was said to', async () => {
    const expiresAt = new Date(world.g.now().getTime() + 60_000);
    const { key } = await make('short', expiresAt);
    expect(viewerOfKey(key, new Date(expiresAt.getTime() - 1))).toMatchObject({ expiresAt });
    expect(viewerOfKey(key, expiresAt)).toBeNull();
  });

  it('is gone once it is revoked, and only once', async () => {
    const { key } = await make();
    expect(await revokeApiKey(world.g, viewer, key.id)).toEqual({ kind: 'revoked', id: key.id });
    expect(await loadApiKey(world.g.store, key.id)).toBeNull();
    expect(await revokeApiKey(world.g, viewer, key.id)).toEqual({
      kind: 'notFound',
      message: `There is no API key "${key.id}".`,
    });
  });

  it.each(['lab-nonsense', 'lab-', '', 'lab-../../people/x', 'lab-0/../lab-000000000000000000'])(
    'is not what %j names',
    async (id) => {
      expect(await loadApiKey(world.g.store, id)).toBeNull();
      expect(await revokeApiKey(world.g, viewer, id)).toMatchObject({ kind: 'notFound' });
    },
  );

  it('is listed newest first, without what its secret is checked by', async () => {
    const made = [await make('first'), await make('second')].map(({ key }) => key.id);
    const listed = await listApiKeys(world.g, viewer, 'lab');
    const ids = listed.kind === 'listed' ? listed.keys.map(({ id }) => id) : [];
    expect(ids.slice(0, 2)).toEqual(made.toReversed());
    const { data } = await world.query(
      '{ apiKeys { ... on ApiKeyList { keys { id name role createdBy createdAt expiresAt } } } }',
    );
    expect(JSON.stringify(data)).toContain(made[0]);
    expect(JSON.stringify(data)).not.toContain('Sha256');
  });

  it.each([
    ['no name', { name: ' ' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(201) }, 'name'],
    ['an end that is over', { name: 'a', expiresAt: new Date(0) }, 'expiresAt'],
  ])('with %s is not made', async (_what, more, path) => {
    expect(await createApiKey(world.g, viewer, { role: 'VIEWER', ...more })).toMatchObject({
      kind: 'invalid',
      issues: [{ path: [path] }],
    });
  });

  it('is one of a hundred at most', async () => {
    const { length: had } = await listAll(world.g.store, keys.apiKeys('lab'));
    for (let made = had; made < MAX_KEYS; made += 1) await make();
    const refused = await createApiKey(world.g, viewer, { name: 'more', role: 'VIEWER' });
    expect(refused).toMatchObject({ kind: 'invalid', issues: [{ path: ['project'] }] });
  });
});

describe('what is no token of a key', () => {
  const secret = 'A'.repeat(43);
  const id = `lab-${'0'.repeat(18)}`;
  it.each([
    '',
    'gw_',
    `gw_${id}`,
    `gw_${id}_`,
    `gw_${id}_${secret}A`,
    `gw_${id}_${secret.slice(1)}`,
    `xgw_${id}_${secret}`,
    `gw_../../x-${'0'.repeat(18)}_${secret}`,
    `gw_lab/../x-${'0'.repeat(18)}_${secret}`,
    `gw_${id}_${secret}\n`,
  ])('is not taken for one: %j', (token) => {
    expect(parseApiKey(token)).toBeNull();
  });

  it('nor is the id of another viewer, or of a key in a strange place', () => {
    for (const other of ['user:ada', 'local', 'key:', 'key:../x', `key:${id}/..`, id])
      expect(keyIdOf(other)).toBeNull();
    expect(keyIdOf(`key:${id}`)).toBe(id);
  });
});

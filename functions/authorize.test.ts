import { expect, test } from 'vitest';
import type { Viewer } from '../graph/ganway.ts';
import { makeAuthorize } from './authorize.ts';
import type { AuthorizeEvent } from './socket-event.ts';

const viewer: Viewer = { id: 'user', name: 'User', projects: [] };
const event: AuthorizeEvent = {
  type: 'REQUEST',
  methodArn: 'arn:method',
  headers: { Host: 'example.org' },
  requestContext: { connectionId: 'c' },
};

const nobody = async () => null;

test('a proven viewer may connect, and later events carry who and where from', async () => {
  const result = await makeAuthorize({ authenticate: async () => viewer, redeem: nobody })(event);
  expect(result.policyDocument.Statement).toEqual([
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: 'arn:method' },
  ]);
  expect(result.context).toEqual({ viewer: 'user', origin: 'https://example.org' });
});

test('the end of the proof goes with every later event', async () => {
  const until = { ...viewer, expiresAt: new Date(1_800_000_000_000) };
  const { context } = await makeAuthorize({ authenticate: async () => until, redeem: nobody })(event);
  expect(context).toEqual({ viewer: 'user', origin: 'https://example.org', expiresAt: 1_800_000_000_000 });
});

test('a ticket in the URL is the only proof that counts where there is one', async () => {
  const authorize = makeAuthorize({
    authenticate: async () => viewer,
    redeem: async (ticket) => (ticket === 'good' ? { ...viewer, id: 'other' } : null),
  });
  const idBy = async (queryStringParameters: Record<string, string> | null) =>
    (await authorize({ ...event, queryStringParameters })).context?.viewer;
  expect(await idBy(null)).toBe('user');
  expect(await idBy({})).toBe('user');
  expect(await idBy({ ticket: 'good' })).toBe('other');
  expect(await idBy({ ticket: 'bad' })).toBeUndefined();
  expect(await idBy({ ticket: '' })).toBeUndefined();
});

test.each([
  ['nobody is proven', async () => null, event],
  ['the proof cannot be checked', () => Promise.reject(new Error('down')), event],
  ['there is no host', async () => viewer, { ...event, headers: {} }],
])('nobody may connect where %s', async (_why, authenticate, from) => {
  const result = await makeAuthorize({ authenticate, redeem: nobody })(from);
  expect(result.policyDocument.Statement.map(({ Effect }) => Effect)).toEqual(['Deny']);
  expect(result.context).toBeUndefined();
});

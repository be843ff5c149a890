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

test('a proven viewer may connect, and later events carry who and where from', async () => {
  const result = await makeAuthorize({ authenticate: async () => viewer })(event);
  expect(result.policyDocument.Statement).toEqual([
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: 'arn:method' },
  ]);
  expect(result.context).toEqual({ viewer: 'user', origin: 'https://example.org' });
});

test.each([
  ['nobody is proven', async () => null, event],
  ['the proof cannot be checked', () => Promise.reject(new Error('down')), event],
  ['there is no host', async () => viewer, { ...event, headers: {} }],
])('nobody may connect where %s', async (_why, authenticate, from) => {
  const result = await makeAuthorize({ authenticate })(from);
  expect(result.policyDocument.Statement.map(({ Effect }) => Effect)).toEqual(['Deny']);
  expect(result.context).toBeUndefined();
});

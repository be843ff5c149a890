import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { openStore } from './open-store.ts';

test('names every missing variable in one error', () => {
  expect(() => openStore({ GANWAY_S3_ENDPOINT: 'http://127.0.0.1:9' })).toThrow(
    /GANWAY_S3_BUCKET, GANWAY_S3_REGION, GANWAY_S3_ACCESS_KEY_ID, GANWAY_S3_SECRET_ACCESS_KEY are missing/,
  );
});

test('needs no keys on AWS, but refuses half a pair', () => {
  const aws = { GANWAY_S3_BUCKET: 'bucket', GANWAY_S3_REGION: 'eu-central-1' };
  expect(() => openStore(aws)).not.toThrow();
  expect(() => openStore({ ...aws, GANWAY_S3_ACCESS_KEY_ID: 'id' })).toThrow(/GANWAY_S3_SECRET_ACCESS_KEY is missing/);
});

test('needs no keys where a launch exchanges its token for them, but the token', () => {
  const launch = {
    GANWAY_S3_ENDPOINT: 'http://127.0.0.1:9',
    GANWAY_S3_BUCKET: 'bucket',
    GANWAY_S3_REGION: 'eu-central-1',
    GANWAY_CREDENTIALS_URL: 'http://127.0.0.1:9/credentials',
  };
  expect(() => openStore({ ...launch, GANWAY_LAUNCH_TOKEN: 'token' })).not.toThrow();
  expect(() => openStore(launch)).toThrow(/GANWAY_LAUNCH_TOKEN is missing/);
});

test('opens the embedded store where its folder is named', async () => {
  const folder = temporaryFolder();
  const store = openStore({ GANWAY_EMBEDDED_STORE: folder });
  await store.put('a', Buffer.from('1'));
  expect(Buffer.from((await openStore({ GANWAY_EMBEDDED_STORE: folder }).get('a'))?.body ?? []).toString()).toBe('1');
});

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeArgument } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { SetupError } from './setup-error.mjs';
import { endpointOf, prepareStorage } from './storage.mjs';

const complete = {
  GANWAY_S3_ENDPOINT: 'http://127.0.0.1:9000',
  GANWAY_S3_BUCKET: 'gans',
  GANWAY_S3_ACCESS_KEY_ID: 'id',
  GANWAY_S3_SECRET_ACCESS_KEY: 'secret',
};
const { PATH } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ganway-storage-'));
});

afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true, force: true });
});

const options = (wanted: 'minio' | 'embedded' | null) => ({
  cache: folder,
  progress: createProgress({ quiet: true }),
  wanted,
});

test('an endpoint by environment is taken as it is, in the usual region', () => {
  expect(endpointOf(complete)).toEqual({
    endpoint: 'http://127.0.0.1:9000',
    bucket: 'gans',
    region: 'us-east-1',
    accessKeyId: 'id',
    secretAccessKey: 'secret',
  });
  expect(endpointOf({})).toBeNull();
});

test('half an endpoint names everything that is missing', () => {
  const half = { GANWAY_S3_ENDPOINT: 'http://127.0.0.1:9000', GANWAY_S3_BUCKET: 'gans' };
  expect(() => endpointOf(half)).toThrow(/GANWAY_S3_ACCESS_KEY_ID, GANWAY_S3_SECRET_ACCESS_KEY/);
  expect(() => endpointOf({ ...complete, GANWAY_S3_ENDPOINT: 'minio' })).toThrow(/no URL/);
});

test('a machine without MinIO and Go gets the embedded store, and an error when MinIO was asked for', async () => {
  process.env.PATH = folder;
  expect(await prepareStorage(options(null))).toEqual({ storeKind: 'embedded', minioPath: null, s3: null });
  await expect(prepareStorage(options('minio'))).rejects.toThrow(SetupError);
});

test('a MinIO in the cache is used, one on PATH only when its conditional writes can be trusted', async () => {
  const program = join(folder, 'minio');
  const publish = (release: string) => {
    writeFileSync(program, `#!/bin/sh\necho "minio version RELEASE.${release}T16-13-09Z"\n`);
    chmodSync(program, 0o755);
  };
  process.env.PATH = `${folder}:/bin:/usr/bin`;
  publish('2025-09-07');
  expect(await prepareStorage(options(null))).toMatchObject({ storeKind: 'minio', minioPath: program });
  process.env.PATH = folder;
  publish('2025-09-06');
  expect(await prepareStorage(options(null))).toMatchObject({ storeKind: 'embedded' });
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/minio'), '');
  expect(await prepareStorage(options(null))).toMatchObject({ minioPath: join(folder, 'bin/minio') });
});

test('--store is minio or embedded', () => {
  expect(storeArgument(['--port', '1', '--store', 'embedded'])).toBe('embedded');
  expect(storeArgument(['--store=minio'])).toBe('minio');
  expect(storeArgument([])).toBeNull();
  expect(() => storeArgument(['--store', 'disk'])).toThrow(SetupError);
  expect(() => storeArgument(['--store'])).toThrow(SetupError);
});

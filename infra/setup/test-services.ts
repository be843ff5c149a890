/** The services that tests share: one MinIO for a whole run of vitest, `inject('s3')`; knows no test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureBucket } from '../local/minio/bucket.ts';
import { startMinio } from '../local/minio/server.ts';
import { cacheFolder } from './cache.mjs';
import { findMinio } from './storage.mjs';

/** An S3 endpoint with an empty bucket. Test files share it: begin every key with a prefix of your own. */
export interface TestS3 {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Null on a machine that has no MinIO and can build none; suites that need one say `describe.runIf(inject('s3'))`. */
    s3: TestS3 | null;
    /** The `minio` executable, for tests that start servers of their own; null as above. */
    minioPath: string | null;
  }
}

const BUCKET = 'ganway-test';
const REGION = 'us-east-1';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binary = process.env.GANWAY_TEST_MINIO || (await findMinio(cacheFolder(), { note: console.warn }));
  project.provide('minioPath', binary);
  if (!binary) {
    console.warn('no MinIO on this machine: the tests that need one are left out (npm start says how to get it)');
    project.provide('s3', null);
    return async () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), 'ganway-test-'));
  const minio = await startMinio({ binary, dataDir: folder });
  const { endpoint, accessKeyId, secretAccessKey } = minio;
  await ensureBucket(minio, BUCKET);
  project.provide('s3', { endpoint, bucket: BUCKET, region: REGION, accessKeyId, secretAccessKey });
  return async () => {
    await minio.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

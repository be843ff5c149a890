import { expect, inject, test } from 'vitest';
import { ensureBucket, minioClient } from './bucket.ts';

const s3 = inject('s3');

test.runIf(s3)('a bucket is made once and found again', async () => {
  if (!s3) return;
  await ensureBucket(s3, 'ensure-me');
  await ensureBucket(s3, 'ensure-me');
  expect(await minioClient(s3).bucketExists('ensure-me')).toBe(true);
});

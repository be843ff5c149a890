import { describe, expect, it } from 'vitest';
import { entryEnvironment, functionEnvironment, memoryOf, type Surroundings } from './environment.ts';

describe('memory of the machine', () => {
  it.each<[string, number | undefined, number]>([
    ['is that of the control group where that is less', 2e9, 2e9],
    ['is all of it where the group has no limit', 2 ** 64, 8e9],
    ['is all of it where there is no group', 0, 8e9],
    ['is all of it where nothing is known', undefined, 8e9],
  ])('%s', (_, constrained, memory) => {
    expect(memoryOf(8e9, constrained)).toBe(memory);
  });
});

describe('the way of jobs to the storage', () => {
  const storage = {
    access: {
      endpoint: 'http://s3',
      bucket: 'b',
      region: 'r',
      accessKeyId: 'id',
      secretAccessKey: 'key',
      folder: null,
    },
    environment: {
      GANWAY_S3_ENDPOINT: 'http://s3',
      GANWAY_S3_BUCKET: 'b',
      GANWAY_S3_ACCESS_KEY_ID: 'id',
      GANWAY_S3_SECRET_ACCESS_KEY: 'key',
    },
  };
  const around = (sts: Surroundings['storage']['sts']): Surroundings => ({
    home: '/home',
    secrets: { signing: 'c2lnbmluZw==', accessKeyId: 'queue', secretAccessKey: 'secret' },
    cacheDir: '/cache',
    nativeDir: null,
    executor: null,
    slots: 1,
    gpus: 0,
    storage: { ...storage, sts },
  });
  const sts = { endpoint: 'http://s3', accessKeyId: 'id', secretAccessKey: 'key' };
  const url = 'http://127.0.0.1:1/credentials';

  it('goes by credentials of their own where the storage gives them out: its keys are not among what they get', () => {
    const entry = entryEnvironment(around(sts), url);
    expect(entry).toMatchObject({ GANWAY_S3_BUCKET: 'b', GANWAY_CREDENTIALS_URL: url });
    expect(JSON.stringify(entry)).not.toMatch(/ACCESS_KEY/);
    const functions = functionEnvironment(around(sts), { queue: 'q', sockets: 's' });
    expect(functions).toMatchObject({ GANWAY_LAUNCH_SECRET: 'c2lnbmluZw==', GANWAY_STS_ENDPOINT: 'http://s3' });
    expect(functions.GANWAY_JOB_ENVIRONMENT).not.toContain('c2lnbmluZw==');
  });

  it('goes by the keys of the storage where it gives out none', () => {
    expect(entryEnvironment(around(null), url)).toMatchObject({ GANWAY_S3_SECRET_ACCESS_KEY: 'key' });
    expect(entryEnvironment(around(null), url)).not.toHaveProperty('GANWAY_CREDENTIALS_URL');
    expect(functionEnvironment(around(null), { queue: 'q', sockets: 's' })).not.toHaveProperty('GANWAY_LAUNCH_SECRET');
  });
});

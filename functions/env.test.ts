import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const embedded = { GANWAY_EMBEDDED_STORE: '/tmp/store', GANWAY_LINK_SECRET: Buffer.alloc(32, 1).toString('base64') };

describe('the environment', () => {
  it('needs a store and a way to sign links, and has a default for the rest', () => {
    expect(readEnv(embedded)).toMatchObject({
      storage: { kind: 'folder', folder: '/tmp/store' },
      queue: {
        endpoint: null,
        jobQueues: { training: 'ganway', tasks: 'ganway-tasks' },
        jobDefinition: 'ganway-trainer',
        credentials: null,
      },
      slot: { threads: 1, gpus: 0, memoryMb: 2048 },
      project: 'local',
      scheme: 'https',
      jobEnvironment: {},
    });
  });

  it('on AWS needs no more than a bucket', () => {
    const { storage, sockets, linkSecret } = readEnv({ GANWAY_S3_BUCKET: 'b', AWS_REGION: 'eu-central-1' });
    expect(storage).toEqual({ kind: 's3', s3: { bucket: 'b', region: 'eu-central-1' } });
    expect([sockets, linkSecret]).toEqual([null, null]);
  });

  it('says everything that is wrong at once', () => {
    const read = () =>
      readEnv({
        GANWAY_SLOT_THREADS: 'two',
        GANWAY_JOB_ENVIRONMENT: '{"a":1}',
        GANWAY_QUEUE_ACCESS_KEY_ID: 'id',
        GANWAY_SOCKETS_ENDPOINT: 'https://api.example/live',
        GANWAY_SOCKETS_SECRET_ACCESS_KEY: 'secret',
        GANWAY_LINK_SECRET: 'c2hvcnQ=',
        GANWAY_SCHEME: 'gopher',
        GANWAY_PROJECT: 'my-lab',
      });
    for (const name of [
      'GANWAY_S3_BUCKET is missing',
      'GANWAY_S3_REGION is missing',
      'GANWAY_SLOT_THREADS must be a whole number from 1 on, not "two"',
      'GANWAY_JOB_ENVIRONMENT must be',
      'GANWAY_QUEUE_SECRET_ACCESS_KEY go together',
      'GANWAY_SOCKETS_SECRET_ACCESS_KEY go together',
      'GANWAY_LINK_SECRET must be',
      'GANWAY_SCHEME must be',
      'GANWAY_PROJECT must be',
    ]) {
      expect(read).toThrow(name);
    }
  });

  it('names a role for the credentials of runs only together with the secret of their tokens', () => {
    const aws = { GANWAY_S3_BUCKET: 'b', AWS_REGION: 'eu-central-1', GANWAY_RUN_ROLE_ARN: 'arn:aws:iam::1:role/run' };
    const secret = { GANWAY_LAUNCH_SECRET: Buffer.alloc(32, 1).toString('base64') };
    const { runRole, launchSecret } = readEnv({ ...aws, ...secret });
    expect(runRole).toEqual({
      arn: 'arn:aws:iam::1:role/run',
      endpoint: null,
      region: 'eu-central-1',
      credentials: null,
    });
    expect(launchSecret).toHaveLength(32);
    expect(() => readEnv(aws)).toThrow('of no use without GANWAY_LAUNCH_SECRET');
    const deep = { ...aws, ...secret, GANWAY_S3_PREFIX: 'deep/'.repeat(7) };
    expect(() => readEnv(deep)).toThrow('GANWAY_S3_PREFIX must have at most 32 characters');
    expect(() => readEnv({ ...aws, GANWAY_LAUNCH_SECRET: 'c2hvcnQ=' })).toThrow('GANWAY_LAUNCH_SECRET must be');
  });

  it('has a secret for links where the store cannot presign them', () => {
    expect(() => readEnv({ GANWAY_EMBEDDED_STORE: '/tmp/store' })).toThrow('GANWAY_LINK_SECRET is missing');
  });
});

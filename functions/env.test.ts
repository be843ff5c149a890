import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const embedded = { GANWAY_EMBEDDED_STORE: '/tmp/store', GANWAY_LINK_SECRET: Buffer.alloc(32, 1).toString('base64') };

describe('the environment', () => {
  it('needs a store and a way to sign links, and has a default for the rest', () => {
    expect(readEnv(embedded)).toMatchObject({
      storage: { kind: 'folder', folder: '/tmp/store' },
      queue: {
        endpoint: null,
        jobQueues: { training: 'ganway', tasks: 'ganway-tasks', onDemand: null },
        jobDefinition: 'ganway-trainer',
        jobDefinitionPrefix: null,
        credentials: null,
      },
      slot: { threads: 1, gpus: 0, memoryMb: 2048 },
      slotUsdPerHour: null,
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
        GANWAY_SLOT_USD_PER_HOUR: '-1',
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
      'GANWAY_SLOT_USD_PER_HOUR must be a number above 0, not "-1"',
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

  it('takes an issuer with its audience, by https, and no automatic user beside it', () => {
    const [issuer, audience] = ['https://login.example.org/', 'ganway'];
    const read = (variables: Record<string, string>) => readEnv({ ...embedded, ...variables }).oidc;
    expect(read({})).toBeNull();
    expect(
      read({ GANWAY_OIDC_ISSUER: issuer, GANWAY_OIDC_AUDIENCE: audience, GANWAY_OIDC_ADMINS: ' a|1  b ' }),
    ).toEqual({ issuer, audience, admins: ['a|1', 'b'] });
    const local = { GANWAY_OIDC_ISSUER: 'http://127.0.0.1:8080', GANWAY_OIDC_AUDIENCE: audience };
    expect(read(local)).toMatchObject({ admins: [] });
    for (const [variables, message] of [
      [{ GANWAY_OIDC_ISSUER: issuer }, 'GANWAY_OIDC_AUDIENCE go together'],
      [{ GANWAY_OIDC_AUDIENCE: audience }, 'GANWAY_OIDC_AUDIENCE go together'],
      [{ GANWAY_OIDC_ADMINS: 'a' }, 'GANWAY_OIDC_AUDIENCE go together'],
      [{ ...local, GANWAY_OIDC_ISSUER: 'http://login.example.org' }, 'GANWAY_OIDC_ISSUER must be the https URL'],
      [{ ...local, GANWAY_OIDC_ISSUER: 'nonsense' }, 'GANWAY_OIDC_ISSUER must be the https URL'],
      [{ ...local, GANWAY_AUTOMATIC_USER: '1' }, 'does not go with GANWAY_OIDC_ISSUER'],
    ] as const) {
      expect(() => read(variables)).toThrow(message);
    }
  });

  it('takes the queues of sizes with the sizes that have them', () => {
    const all = {
      GANWAY_JOB_QUEUE_PREFIX: 'q-',
      GANWAY_ON_DEMAND_QUEUE_PREFIX: 'd-',
      GANWAY_SIZES: 'g5-xlarge  g6-xlarge',
    };
    const read = (variables: Record<string, string>) => readEnv({ ...embedded, ...variables }).queue.sizeQueues;
    expect(read({})).toBeNull();
    expect(read(all)).toEqual({ training: 'q-', onDemand: 'd-', sizes: ['g5-xlarge', 'g6-xlarge'] });
    for (const name of Object.keys(all)) {
      const { [name]: _, ...others } = all as Record<string, string>;
      expect(() => read(others)).toThrow('GANWAY_SIZES go together');
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

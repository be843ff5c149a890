import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { createApiKey } from '../graph/access/api-keys.ts';
import { createTicket } from '../graph/access/tickets.ts';
import { SIZES } from '../graph/money/sizes.ts';
import { planTraining } from '../graph/spec/plan.ts';
import { encodeJson } from '../graph/storage/json.ts';
import { keys } from '../graph/storage/keys.ts';
import { AUDIENCE, startIssuer } from '../infra/clients/testing/issuer.ts';
import { temporaryFolder } from '../infra/test/temporary-folder.ts';
import { readEnv } from './env.ts';
import { memoryMb, wire } from './wire.ts';

const folder = temporaryFolder();

const variables = {
  GANWAY_EMBEDDED_STORE: folder,
  GANWAY_LINK_SECRET: Buffer.alloc(32, 1).toString('base64'),
  GANWAY_SLOT_MEMORY_MB: '3000',
};

describe('the composition root', () => {
  const s3 = inject('s3');
  it.runIf(s3)('signs links to where the store writes, below its prefix', async () => {
    if (s3 === null) throw new Error('this needs an S3 server');
    const { g } = wire(
      readEnv({
        GANWAY_S3_ENDPOINT: s3.endpoint,
        GANWAY_S3_BUCKET: s3.bucket,
        GANWAY_S3_REGION: s3.region,
        GANWAY_S3_ACCESS_KEY_ID: s3.accessKeyId,
        GANWAY_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
        GANWAY_S3_PREFIX: 'a-team/',
      }),
    );
    await g.store.put('projects/lab/object', Buffer.from('of the team'));
    const { url } = await g.signer.read('projects/lab/object', 'http://not-used');
    expect(new URL(url).pathname).toBe(`/${s3.bucket}/a-team/projects/lab/object`);
    expect(await (await fetch(url)).text()).toBe('of the team');
  });

  it('gives the presigner every setting of the storage, a session token too', async () => {
    const keys = {
      GANWAY_S3_ACCESS_KEY_ID: 'id',
      GANWAY_S3_SECRET_ACCESS_KEY: 'key',
      GANWAY_S3_SESSION_TOKEN: 'token',
    };
    const { g } = wire(readEnv({ GANWAY_S3_BUCKET: 'b', AWS_REGION: 'eu-central-1', ...keys }));
    const { url } = await g.signer.read('object', 'http://not-used');
    expect(new URL(url).searchParams.get('X-Amz-Security-Token')).toBe('token');
  });

  it('offers machines where the queue has a job definition a size, and those that cannot be interrupted where it has a queue for them', () => {
    const money = (more: Record<string, string>) => wire(readEnv({ ...variables, ...more })).g.settings.money;
    expect(money({ GANWAY_SLOT_USD_PER_HOUR: '0.5' })).toEqual({ machines: [], tasks: null, slotUsdPerHour: 0.5 });
    const sizes = { GANWAY_JOB_DEFINITION_PREFIX: 'lab-', GANWAY_QUEUE_REGION: 'us-east-1' };
    const { machines, tasks, slotUsdPerHour } = money({ ...sizes, GANWAY_SLOT_USD_PER_HOUR: '0.5' });
    expect([machines.length, machines.every(({ spot }) => spot), slotUsdPerHour]).toEqual([SIZES.length, true, null]);
    expect(tasks).toMatchObject({ size: { gpus: 0 }, spot: false });
    expect(money({ ...sizes, GANWAY_ON_DEMAND_QUEUE: 'lab-steady' }).machines).toHaveLength(2 * SIZES.length);
    expect(money({ ...sizes, GANWAY_QUEUE_REGION: 'mars-north-1' })).toMatchObject({ machines: [], tasks: null });
  });

  it("knows nobody where the environment does not speak of a machine of one's own", async () => {
    const { authenticate, viewer } = wire(readEnv(variables));
    expect(await authenticate()).toBeNull();
    expect(await viewer('local')).toBeNull();
  });

  it('lets people of the issuer and API keys in, and the first ADMINs that it names', async () => {
    const issuer = await startIssuer();
    onTestFinished(() => issuer.close());
    const { g, authenticate, redeem, viewer } = wire(
      readEnv({
        ...variables,
        GANWAY_PROJECT: 'lab',
        GANWAY_OIDC_ISSUER: issuer.url,
        GANWAY_OIDC_AUDIENCE: AUDIENCE,
        GANWAY_OIDC_ADMINS: 'ada',
      }),
    );
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
    const ada = await authenticate(bearer(await issuer.token()));
    expect(ada).toMatchObject({
      id: 'user:ada',
      projects: [{ id: 'lab', role: 'ADMIN' }],
      expiresAt: expect.any(Date),
    });
    expect((await authenticate(bearer(await issuer.token({ sub: 'bob' }))))?.projects).toEqual([]);
    if (ada === null) throw new Error('nobody');
    const made = await createApiKey(g, ada, { name: 'ci', role: 'VIEWER' });
    const key = await authenticate(bearer(made.kind === 'created' ? made.token : ''));
    expect(key?.projects).toEqual([{ id: 'lab', name: 'lab', role: 'VIEWER' }]);
    expect(await viewer(key?.id ?? '')).toEqual(key);
    expect((await redeem((await createTicket(g, ada)).ticket))?.expiresAt).toEqual(ada.expiresAt);
    expect(await authenticate({})).toBeNull();
  });

  it('makes the domain out of an environment, for the one local user', async () => {
    const env = readEnv({ ...variables, GANWAY_AUTOMATIC_USER: '1' });
    const { g, authenticate, viewer } = wire(env);
    const user = await authenticate();
    if (user === null) throw new Error('there is no local user');
    expect(user.projects).toEqual([{ id: 'local', name: 'local', role: 'ADMIN' }]);
    expect(await viewer('local')).toEqual(user);
    expect(await viewer('somebody')).toBeNull();
    expect(g.settings.version).toMatch(/^\d+\.\d+\.\d+$/);

    const size = { images: 10_000, width: 28, height: 28, channels: 1 };
    const source = { kind: 'test', skipped: [], skippedTotal: 0 };
    const manifest = { v: 1, id: 'digits', name: 'Digits', ...size, classes: [], bytes: 7_840_000, shards: [], source };
    await g.store.create(keys.datasetManifest('digits'), encodeJson(manifest));
    const small = await planTraining(g, user, { dataset: 'digits' });
    const large = await planTraining(g, user, { dataset: 'digits', batchSize: 4096 });
    if (small.kind !== 'resolved') throw new Error('the preset does not fit');
    // Node.js and TensorFlow alone take some 300 MiB.
    expect(memoryMb(small.spec)).toBeGreaterThan(300);
    expect(memoryMb(small.spec)).toBeLessThan(2000);
    expect(large).toMatchObject({ kind: 'invalid', issues: [{ code: 'DOES_NOT_FIT_MEMORY' }] });

    expect(g.stepFlops(small.spec)).toBeGreaterThan(1e8);

    const split = await planTraining(g, user, { preset: 'article-dcgan', dataset: 'digits', microBatches: 2 });
    const message = expect.stringMatching(/^generator\/.*norm: batch norm .* the whole batch, .*\.$/);
    const issues = [{ path: ['microBatches'], code: 'DOES_NOT_FIT_MODEL', message }];
    expect(split).toEqual({ kind: 'invalid', issues });
  });
});

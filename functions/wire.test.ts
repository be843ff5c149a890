import { describe, expect, it } from 'vitest';
import { planTraining } from '../graph/spec/plan.ts';
import { encodeJson } from '../graph/storage/json.ts';
import { keys } from '../graph/storage/keys.ts';
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
  it("knows nobody where the environment does not speak of a machine of one's own", async () => {
    const { authenticate, viewer } = wire(readEnv(variables));
    expect(await authenticate()).toBeNull();
    expect(await viewer('local')).toBeNull();
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
    // Node.js and TensorFlow alone take some 450 MB.
    expect(memoryMb(small.spec)).toBeGreaterThan(450);
    expect(memoryMb(small.spec)).toBeLessThan(2000);
    expect(large).toMatchObject({ kind: 'invalid', issues: [{ code: 'DOES_NOT_FIT_MEMORY' }] });
  });
});

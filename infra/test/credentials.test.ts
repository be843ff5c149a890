import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { launchCredentials } from '../clients/launch-credentials.ts';
import { openS3Store } from '../clients/s3-store.ts';
import { identify } from '../process/identity.ts';
import { atStep, cleanUp, journalOf, newRun, only, resultOf, startContainer, stateOf, until } from './container.ts';
import { type CredentialEndpoint, openCredentialEndpoint } from './credential-endpoint.ts';

const s3 = inject('s3');
const prefix = `credentials-${Date.now()}/`;
const leftovers: (() => Promise<void>)[] = [];
const bytes = Buffer.from('x');

afterAll(async () => {
  for (const dispose of leftovers) await dispose();
  cleanUp();
});

// Without a server that gives out credentials there is nothing to see; the set-up of the tests says so.
describe.runIf(s3)('the credentials of a run', () => {
  if (!s3) return;
  const access = s3;
  const root = () => openS3Store({ ...s3, prefix });
  const { accessKeyId: _, secretAccessKey: __, ...place } = s3;

  async function openEndpoint(lifetimeMs?: number) {
    const endpoint = await openCredentialEndpoint({ s3: access, prefix, ...(lifetimeMs && { lifetimeMs }) });
    leftovers.push(endpoint.close);
    return endpoint;
  }

  /** The storage as the job of a run sees it. */
  function openAs(runId: string, { url, tokenOf }: CredentialEndpoint, retryForMs = 0): ObjectStore {
    const credentials = launchCredentials({ url, token: tokenOf(runId) });
    return openS3Store({ ...place, prefix, retryForMs, credentials });
  }

  it('open that run, and nothing of another', async () => {
    const [mine, others] = [await newRun(root()), await newRun(root())];
    const store = openAs(mine, await openEndpoint());
    const own = `${keys.run(mine)}checkpoints/000000001-1/state.safetensors`;
    await store.put(own, bytes);
    expect((await store.get(own))?.body).toHaveLength(1);
    expect((await store.list(keys.journal(mine))).objects).toHaveLength(1);
    expect(await store.get(keys.segment(mine, 99))).toBeNull();
    expect(await store.get(keys.datasetManifest('tiny'))).not.toBeNull();
    const forbidden: Record<string, () => Promise<unknown>> = {
      'read a spec': () => store.get(keys.spec(others)),
      'look for a segment': () => store.head(keys.segment(others, 1)),
      'list a journal': () => store.list(keys.journal(others)),
      'write a segment': () => store.create(keys.segment(others, 2), bytes),
      'write a blob': () => store.put(`${keys.checkpoint(others, 1, 1)}x`, bytes),
      'remove a spec': () => store.remove(keys.spec(others)),
      'list all runs': () => store.list(keys.runs('test')),
      'list everything': () => store.list(''),
      'write a data set': () => store.put(keys.datasetManifest('tiny'), bytes),
      'change its own spec': () => store.put(keys.spec(mine), bytes),
      'claim its next launch': () => store.create(keys.launch(mine, 2), bytes),
      'remove what it wrote': () => store.remove(own),
    };
    const outcomes = Object.entries(forbidden).map(async ([what, attempt]) => [what, await codeOf(attempt)]);
    expect(await Promise.all(outcomes)).toEqual(Object.keys(forbidden).map((what) => [what, 'REFUSED']));
    expect((await root().list(keys.run(others))).objects.map(({ key }) => key)).toEqual([
      keys.segment(others, 1),
      keys.spec(others),
    ]);
  });

  it('are renewed while the run goes on, and no row, sheet or checkpoint is lost', async () => {
    const undisturbed = await newRun(root());
    expect(await startContainer(root(), undisturbed).exitCode).toBe(0);
    const runId = await newRun(root());
    // The SDK asks for new ones whenever these are about to end, which is always.
    const endpoint = await openEndpoint(10_300);
    const container = startContainer(openAs(runId, endpoint, 2_000), runId, { stepMs: 30 });
    expect(await container.exitCode).toBe(0);
    expect(new Set(endpoint.given).size).toBeGreaterThan(2);
    await sameResult(runId, undisturbed);
  });

  it('that cannot be had for a while cost no step and no attempt', async () => {
    const undisturbed = await newRun(root());
    expect(await startContainer(root(), undisturbed).exitCode).toBe(0);
    const runId = await newRun(root());
    const endpoint = await openEndpoint(10_500);
    const container = startContainer(openAs(runId, endpoint, 200), runId, { stepMs: 20 });
    await until(runId, atStep('METRICS', 14), root());
    await endpoint.breakDown();
    // Held ones are used up, then nothing can be written: the trainer goes on into its spool, and to its end.
    const pid = Number(/^toy trainer (\d+)$/m.exec(container.lines.join('\n'))?.[1]);
    while (identify(pid) !== null) await setTimeout(10);
    expect((await stateOf(runId, root())).step).toBeLessThan(60);
    endpoint.repair();
    expect(await container.exitCode).toBe(0);
    expect(only('ATTEMPT_STARTED', await journalOf(root(), runId))).toHaveLength(1);
    await sameResult(runId, undisturbed);
  });

  async function sameResult(runId: string, of: string): Promise<void> {
    const result = async (id: string) => resultOf(await journalOf(root(), id), await stateOf(id, root()));
    expect(await result(runId)).toEqual(await result(of));
  }
});

async function codeOf(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    return await attempt();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

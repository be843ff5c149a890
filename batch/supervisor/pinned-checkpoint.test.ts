/** Runs that begin with the checkpoint of another run, from storage to their first checkpoint, over the toy trainer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PinnedCheckpoint } from '../../graph/spec/spec.ts';
import { sha256 } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import {
  atStep,
  cleanUp,
  journalOf,
  newRun,
  only,
  open,
  startContainer,
  stateOf,
  until,
} from '../../infra/test/container.ts';

afterAll(cleanUp);

/** Trains a run to its end and pins its last checkpoint. */
async function newSource(store: ObjectStore): Promise<{ pinned: PinnedCheckpoint; lastSheet: string | undefined }> {
  const runId = await newRun(store);
  expect(await startContainer(store, runId).exitCode).toBe(0);
  const { checkpoints, recentSamples } = await stateOf(runId);
  const newest = checkpoints.at(-1);
  if (!newest) throw new Error('The run has no checkpoint.');
  const { step, attempt } = newest;
  const digest = sha256((await store.get(newest.manifest))?.body ?? '');
  return { pinned: { id: 'c', runId, step, attempt, digest }, lastSheet: recentSamples.at(-1)?.sha256 };
}

const filesOf = ({ runId, step, attempt }: PinnedCheckpoint) => {
  const prefix = keys.checkpoint(runId, step, attempt);
  return { manifest: `${prefix}manifest.json`, state: `${prefix}state.safetensors` };
};

describe('a run that starts from a checkpoint', () => {
  let source: Awaited<ReturnType<typeof newSource>>;
  beforeAll(async () => {
    source = await newSource(open());
  });

  it('begins with what that holds, at step 0', async () => {
    const store = open();
    const runId = await newRun(store, { startFrom: source.pinned });
    expect(await startContainer(store, runId).exitCode).toBe(0);
    const events = await journalOf(open(), runId);
    expect(only('ATTEMPT_STARTED', events)).toMatchObject([{ resumedFromStep: null }]);
    expect(only('SAMPLE', events)[0]).toMatchObject({ step: 0, sha256: source.lastSheet });
    expect(only('SAMPLE', events).at(-1)?.sha256).not.toBe(source.lastSheet);
  });

  it('needs it no more once it has a checkpoint of its own', async () => {
    const store = open();
    const { pinned } = await newSource(store);
    const runId = await newRun(store, { startFrom: pinned });
    const container = startContainer(store, runId, { stepMs: 80 });
    await until(runId, atStep('CHECKPOINT_SEALED', 15));
    container.killTrainer();
    await container.exitCode;
    for (const key of Object.values(filesOf(pinned))) await store.remove(key);
    expect(await startContainer(store, runId).exitCode).toBe(0);
    expect(await stateOf(runId)).toMatchObject({ phase: 'SUCCEEDED', attempts: [{}, { resumedFromStep: 15 }] });
  });

  it.each([
    ['is gone', (store: ObjectStore, files: ReturnType<typeof filesOf>) => store.remove(files.manifest)],
    [
      'is another one',
      (store: ObjectStore, files: ReturnType<typeof filesOf>) => store.put(files.manifest, Buffer.from('{}')),
    ],
    ['is damaged', (store: ObjectStore, files: ReturnType<typeof filesOf>) => store.put(files.state, Buffer.from('x'))],
  ])('fails for good where the checkpoint %s', async (_, spoil) => {
    const store = open();
    const { pinned } = await newSource(store);
    const runId = await newRun(store, { startFrom: pinned });
    await spoil(store, filesOf(pinned));
    expect(await startContainer(store, runId).exitCode).toBe(64);
    expect(await stateOf(runId)).toMatchObject({
      phase: 'FAILED',
      reason: { code: 'CHECKPOINT_LOST', message: 'The checkpoint c is gone or damaged. Choose another.' },
    });
  });
});

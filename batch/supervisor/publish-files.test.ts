/** The files of a task on their way to storage: seen whole or not at all. */
import { afterAll, expect, it } from 'vitest';
import type { ExportSpec } from '../../graph/spec/spec.ts';
import { sha256 } from '../../graph/storage/json.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { cleanUp, newRun, newRunOf, open, startContainer, stateOf } from '../../infra/test/container.ts';
import { tinyTrainSpec } from '../trainer/testing/specs.ts';

afterAll(cleanUp);

/** An export of the last checkpoint of a run that has trained the toy; the toy's export makes two files of its own. */
async function newExport(store: ObjectStore): Promise<string> {
  const runId = await newRun(store);
  expect(await startContainer(store, runId).exitCode).toBe(0);
  const sealed = (await stateOf(runId)).checkpoints.at(-1);
  if (!sealed) throw new Error('The run has no checkpoint.');
  const { step, attempt, manifest } = sealed;
  const digest = sha256((await store.get(manifest))?.body ?? '');
  const training = tinyTrainSpec();
  const { resources, limits } = training;
  const checkpoint = { id: 'c', runId, step, attempt, digest };
  const spec: ExportSpec = { v: 1, task: 'EXPORT', checkpoint, training, formats: ['TFJS'], resources, limits };
  return newRunOf(store, spec);
}

it('are in storage under the attempt that made them, with the bytes that the journal says', async () => {
  const store = open();
  const runId = await newExport(store);
  expect(await startContainer(store, runId).exitCode).toBe(0);
  const { phase, files } = await stateOf(runId);
  expect(phase).toBe('SUCCEEDED');
  expect(files.map(({ name, key }) => [name, key])).toEqual([
    ['toy.json', keys.file(runId, 1, 'toy.json')],
    ['parts/toy.bin', keys.file(runId, 1, 'parts/toy.bin')],
  ]);
  for (const { key, bytes, sha256: hash } of files) {
    const body = (await store.get(key))?.body ?? new Uint8Array();
    expect([body.length, sha256(body)]).toEqual([bytes, hash]);
  }
});

it('are none while one of them is not there, and all once another attempt has made them', async () => {
  const store = open();
  const runId = await newExport(store);
  const full = Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' });
  const failing: ObjectStore = {
    ...store,
    put: (key, ...rest) => (key.includes('/parts/') ? Promise.reject(full) : store.put(key, ...rest)),
  };
  expect(await startContainer(failing, runId).exitCode).toBe(75);
  expect(await store.head(keys.file(runId, 1, 'toy.json'))).not.toBeNull();
  expect(await stateOf(runId)).toMatchObject({ files: [], reason: { code: 'RETRYING' } });
  expect(await startContainer(store, runId, { jobId: 'job-2' }).exitCode).toBe(0);
  const { files, phase } = await stateOf(runId);
  expect([phase, files.map(({ key }) => key)]).toEqual([
    'SUCCEEDED',
    [keys.file(runId, 2, 'toy.json'), keys.file(runId, 2, 'parts/toy.bin')],
  ]);
});

/** Exports of checkpoints, through the API: what is asked, refused, and found when it is done. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../functions/testing/asking.ts';
import { attemptStarted, checkpoint } from '../../functions/testing/events.ts';
import { at, ORIGIN, openWorld, stranger, type World } from '../../functions/testing/world.ts';
import type { JournalEvent } from '../run/events.ts';
import { encodeJson, sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';

let world: World;
let trained: string;
let checkpointId: string;
beforeAll(async () => {
  world = await openWorld();
  trained = await world.newRun();
  await world.g.store.put(`${keys.checkpoint(trained, 40, 1)}manifest.json`, encodeJson({ step: 40 }));
  await world.say(trained, attemptStarted(1), checkpoint(trained, 40));
  const { run } = await dataOf(world, `{ run(id: "${trained}") { latestCheckpoint { id } } }`);
  checkpointId = run.latestCheckpoint.id;
});
afterAll(() => world.close());

const EXPORT = `mutation ($input: LaunchTaskInput!) { launchTask(input: $input) { __typename
  ... on LaunchTaskSuccess { replayed run { id task name spec { seed } dataset { id } files { name } specJson } }
  ... on ValidationFailed { message issues { path code message } }
  ... on IdempotencyConflict { run { id } } } }`;
const launch = async (input: object, idempotencyKey: string = randomUUID()) =>
  (await dataOf(world, EXPORT, { input: { idempotencyKey, task: { export: input } } })).launchTask;

describe('an export', () => {
  it('is a run of its own, on the queue of small tasks, that pins the checkpoint and the training', async () => {
    const key = randomUUID();
    const launched = await launch({ checkpoint: checkpointId, formats: ['TFJS', 'SAFETENSORS', 'TFJS'] }, key);
    expect(launched.run).toMatchObject({ task: 'EXPORT', name: null, spec: null, dataset: null, files: [] });
    const digest = sha256(encodeJson({ step: 40 }));
    const { training, ...spec } = JSON.parse(launched.run.specJson);
    expect(spec).toMatchObject({
      task: 'EXPORT',
      formats: ['TFJS', 'SAFETENSORS'],
      checkpoint: { id: checkpointId, runId: trained, step: 40, attempt: 1, digest },
    });
    const { specJson } = (await dataOf(world, `{ run(id: "${trained}") { specJson } }`)).run;
    expect(training).toEqual(JSON.parse(specJson));
    expect(world.jobs.at(-1)).toMatchObject({ name: `${launched.run.id}-1`, queue: 'tasks' });

    const again = await launch({ checkpoint: checkpointId, formats: ['TFJS', 'SAFETENSORS', 'TFJS'] }, key);
    expect([again.replayed, again.run.id]).toEqual([true, launched.run.id]);
    const other = await launch({ checkpoint: checkpointId, formats: ['TFJS'] }, key);
    expect(other).toMatchObject({ __typename: 'IdempotencyConflict', run: { id: launched.run.id } });
  });

  it('of a checkpoint that is not there, or in no format, is refused with every problem at its path', async () => {
    const before = world.jobs.length;
    for (const id of ['nonsense', trained, `${trained}~checkpoint~41~1`]) {
      expect(await launch({ checkpoint: id, formats: [] })).toMatchObject({
        __typename: 'ValidationFailed',
        issues: [
          {
            path: ['task', 'export', 'checkpoint'],
            code: 'UNKNOWN_CHECKPOINT',
            message: `There is no checkpoint "${id}". The checkpoints of a run list their ids.`,
          },
          { path: ['task', 'export', 'formats'], code: 'REQUIRED' },
        ],
      });
    }
    expect(world.jobs).toHaveLength(before);
  });

  it("of others' checkpoints is refused in the words for one that is not there", async () => {
    const input = { idempotencyKey: randomUUID(), task: { export: { checkpoint: checkpointId, formats: ['TFJS'] } } };
    const { data } = await world.query(EXPORT, { input }, stranger);
    expect(JSON.parse(JSON.stringify(data)).launchTask.issues).toEqual([
      {
        path: ['task', 'export', 'checkpoint'],
        code: 'UNKNOWN_CHECKPOINT',
        message: `There is no checkpoint "${checkpointId}". The checkpoints of a run list their ids.`,
      },
    ]);
  });

  it('in a format that is none, or beside another task, is no input at all', async () => {
    const task = { export: { checkpoint: checkpointId, formats: ['ONNX'] } };
    const wrong = await world.query(EXPORT, { input: { idempotencyKey: 'k', task } });
    expect(wrong.errors?.[0]?.message).toMatch(/"ONNX" does not exist in "ExportFormat"/);
    const importDataset = { uploads: [], name: 'n', size: 8 };
    const both = { export: { checkpoint: checkpointId, formats: ['TFJS'] }, importDataset };
    const two = await world.query(EXPORT, { input: { idempotencyKey: 'k', task: both } });
    expect(two.errors?.[0]?.message).toMatch(/[Ee]xactly one key must be specified/);
  });

  it('shows its files with links, of the newest attempt alone', async () => {
    const { id } = (await launch({ checkpoint: checkpointId, formats: ['TFJS'] })).run;
    const files = (attempt: number) =>
      ['tfjs/model.json', 'provenance.json'].map((name) => ({
        name,
        key: keys.file(id, attempt, name),
        bytes: 10 * attempt,
        sha256: 'a'.repeat(64),
      }));
    const added = (attempt: number): JournalEvent => ({
      type: 'FILES_ADDED',
      at: at(3),
      attempt,
      files: files(attempt),
    });
    const seen = async () =>
      (await dataOf(world, `{ run(id: "${id}") { files { name bytes sha256 url expiresAt } } }`)).run.files;
    await world.say(id, attemptStarted(1), added(1));
    expect(await seen()).toMatchObject([{ bytes: 10 }, { bytes: 10 }]);
    await world.say(id, attemptStarted(2));
    expect(await seen()).toEqual([]);
    // The word of an attempt that has been replaced.
    await world.say(id, added(1));
    expect(await seen()).toEqual([]);
    await world.say(id, added(2));
    const shown = await seen();
    expect(shown.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes])).toEqual([
      ['tfjs/model.json', 20],
      ['provenance.json', 20],
    ]);
    expect(shown[0].url.startsWith(`${ORIGIN}/objects/projects/lab/runs/${id}/files/0002/tfjs/model.json?`)).toBe(true);
    expect(Date.parse(shown[0].expiresAt)).toBeGreaterThan(Date.now());
  });
});

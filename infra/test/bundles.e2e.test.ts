import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeHomes, type Stack, startStack } from './stack.ts';
import { launchAndWatch, resumeRun, SMALL, stopRun } from './training.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { GANWAY_E2E: 'bundles' } });
}, 600_000);
afterAll(async () => {
  await stack.stop();
  removeHomes();
}, 120_000);

const runOf = async (id: string) => {
  const query =
    'query ($id: ID!) { run(id: $id) { phase attempts { number } checkpoints(first: 9) { edges { node { step } } } } }';
  type Run = {
    readonly phase: string;
    readonly attempts: readonly object[];
    readonly checkpoints: { readonly edges: readonly object[] };
  };
  return (await stack.graphql<{ run: Run }>(query, { id })).run;
};

it('the bundles that a cloud gets train, stop, resume and show a run as the sources do', async () => {
  expect(stack.errors()).toContain('the functions run from their bundles');
  const { runId, watcher } = await launchAndWatch(stack, { ...SMALL, kimg: 100_000 });
  await watcher.until(({ checkpoint }) => (checkpoint?.step ?? 0) >= 50);
  await stopRun(stack, runId);
  expect((await watcher.ended).at(-1)).toMatchObject({ phase: 'STOPPED', reason: { code: 'STOPPED_BY_USER' } });
  expect(await runOf(runId)).toMatchObject({ phase: 'STOPPED', attempts: [{ number: 1 }] });
  expect((await runOf(runId)).checkpoints.edges.length).toBeGreaterThan(1);
  expect(await resumeRun(stack, runId)).toBe('LaunchTrainingSuccess');
  await stopRun(stack, runId);
}, 120_000);

it('a short training is watched from its launch to its end', async () => {
  const { watcher } = await launchAndWatch(stack, { ...SMALL, kimg: 1.6 });
  const events = await watcher.ended;
  expect(events.flatMap(({ phase }) => phase ?? [])).toEqual(['QUEUED', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  expect(events.filter(({ __typename }) => __typename === 'MetricsLogged')).toHaveLength(10);
}, 120_000);

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../../functions/testing/asking.ts';
import { attemptStarted, metrics, trainingStarted } from '../../functions/testing/events.ts';
import { at, openWorld, type World } from '../../functions/testing/world.ts';
import { FREE } from '../money/machine.ts';
import { machinesIn } from '../money/prices.ts';
import type { JournalEvent } from '../run/events.ts';
import { reconcile } from '../run/reconcile.ts';
import { recordJob } from '../run/record-job.ts';

const machines = machinesIn('us-east-1');
const worlds: World[] = [];
/** Where machines are rented. */
let cloud: World;
/** Where a slot costs a cent a second. */
let priced: World;
let free: World;
beforeAll(async () => {
  cloud = await openWorld({ machines, tasks: machines[0] ?? null, slotUsdPerHour: null });
  priced = await openWorld({ ...FREE, slotUsdPerHour: 36 });
  free = await openWorld();
  worlds.push(cloud, priced, free);
});
afterAll(() => {
  for (const world of worlds) world.close();
});

const ESTIMATE = 'estimate { basis seconds { low expected high } costUsd { low expected high } }';
const plan = async (world: World, training: object) =>
  (
    await dataOf(
      world,
      `query ($input: TrainingInput!) { planTraining(input: $input) {
        ... on TrainingPlan { specJson ${ESTIMATE} warnings { path code }
          spec { resources { instanceType spot threads gpus memoryMb } limits { maxCostUsd maxRuntime maxQueueTime } }
          offers { instanceType spot usdPerHour pricedAt ${ESTIMATE} } }
        ... on ValidationFailed { issues { path code } } } }`,
      { input: { dataset: 'digits', ...training } },
    )
  ).planTraining;
const LAUNCH = `mutation ($input: LaunchTrainingInput!) { launchTraining(input: $input) { __typename
  ... on LaunchTrainingSuccess { run { id } }
  ... on BudgetTooLow { message plan { ${ESTIMATE} offers { instanceType } } }
  ... on UserError { message } } }`;
const launch = async (world: World, training: object) => {
  const input = { idempotencyKey: JSON.stringify(training), training: { dataset: 'digits', ...training } };
  return (await dataOf(world, LAUNCH, { input })).launchTraining;
};
const COST = 'cost { usd usdPerHour capUsd } attempts { costUsd }';

describe('a plan where machines are rented', () => {
  it('offers every machine that has room, with a date, and what each would cost', async () => {
    const { offers, estimate, spec } = await plan(cloud, {});
    expect(offers).toHaveLength(machines.length);
    expect(offers[0]).toMatchObject({ ...{ instanceType: spec.resources.instanceType, spot: true }, estimate });
    expect(estimate.basis).toBe('MODEL');
    for (const offer of offers) {
      expect(Date.parse(offer.pricedAt)).toBeGreaterThan(Date.UTC(2025, 0, 1));
      const { low, expected, high } = offer.estimate.costUsd;
      expect([low < expected, expected < high]).toEqual([true, true]);
    }
  });

  it('is sent to the queue for the machine it says, at the price of that machine', async () => {
    const { run } = await launch(cloud, { resources: { instanceType: 'g5.xlarge', spot: false } });
    expect(cloud.jobs.at(-1)).toMatchObject({ machine: { size: 'g5-xlarge', spot: false } });
    const { run: found } = await dataOf(cloud, `{ run(id: "${run.id}") { ${COST} } }`);
    expect(found).toEqual({ cost: { usd: 0, usdPerHour: null, capUsd: null }, attempts: [] });
    const job = `job-${cloud.jobs.length}`;
    await cloud.say(
      run.id,
      { ...attemptStarted(1), jobId: job, at: at(0) },
      { ...trainingStarted(1, 0), at: at(3600) },
    );
    const { run: later } = await dataOf(cloud, `{ run(id: "${run.id}") { ${COST} } }`);
    const price = machines.find(({ size, spot }) => size.id === 'g5-xlarge' && !spot)?.usdPerHour;
    const usd = expect.closeTo(price ?? 0, 9);
    expect(later).toEqual({ cost: { usd, usdPerHour: price, capUsd: null }, attempts: [{ costUsd: usd }] });
  });

  it('is refused with the plan where the budget cannot be enough', async () => {
    const { estimate } = await plan(cloud, { kimg: 5000 });
    const refused = await launch(cloud, { kimg: 5000, limits: { maxCostUsd: estimate.costUsd.low * 0.9 } });
    expect(refused).toMatchObject({ __typename: 'BudgetTooLow', plan: { estimate } });
    expect(refused.message).toContain('Raise it');
    const accepted = await launch(cloud, { kimg: 5000, limits: { maxCostUsd: estimate.costUsd.low * 1.1 } });
    expect(accepted.__typename).toBe('LaunchTrainingSuccess');
  });
});

describe('a plan where a slot has a price', () => {
  it('knows nothing at first, and then what a run of its kind has shown', async () => {
    expect(await plan(priced, {})).toMatchObject({ estimate: null, offers: [] });
    const run = await priced.newRun();
    const ended: JournalEvent = { type: 'RUN_ENDED', at: at(110), phase: 'SUCCEEDED', reason: null };
    await priced.say(run, attemptStarted(1), { ...trainingStarted(1, 0), at: at(10) }, metrics(100, { a: 1 }), ended);
    const jobId = `job-${priced.jobs.length}`;
    await recordJob(priced.g, { runId: run, launch: 1, jobId, status: 'SUCCEEDED', attempts: 1 });
    expect(await reconcile(priced.g, 'lab')).toEqual({ failures: [] });
    // A second a step, a cent a second; and two minutes to start.
    const same = { preset: 'article-dcgan', kimg: 3.2, batchSize: 32, seed: 7 };
    expect((await plan(priced, same)).estimate).toMatchObject({
      basis: 'MEASURED_SAME_SPEC',
      seconds: { low: 90, expected: 100 },
      costUsd: { expected: expect.closeTo(2.2, 9) },
    });
    expect((await plan(priced, { ...same, kimg: 6.4, seed: 8 })).estimate).toMatchObject({
      ...{ basis: 'MEASURED_SIMILAR', seconds: { expected: 200 } },
    });
    expect((await plan(priced, { ...same, batchSize: 64 })).estimate).toBeNull();
  });

  it('says what the run has cost, and what it may', async () => {
    const { run } = await launch(priced, { kimg: 3.2, limits: { maxCostUsd: 50 } });
    await priced.say(run.id, { ...attemptStarted(1), at: at(0) }, { ...metrics(25, { a: 1 }), at: at(100) });
    const { run: found } = await dataOf(priced, `{ run(id: "${run.id}") { ${COST} } }`);
    expect(found.cost).toMatchObject({ usd: expect.closeTo(1, 9), capUsd: 50 });
    expect(found.attempts).toEqual([{ costUsd: expect.closeTo(1, 9) }]);
    const UPDATE = `mutation ($input: UpdateRunInput!) { updateRun(input: $input) {
      ... on UpdateRunSuccess { run { cost { capUsd } spec { limits { maxCostUsd } } } }
      ... on ValidationFailed { issues { path code } } } }`;
    const update = async (limits: object) =>
      (await dataOf(priced, UPDATE, { input: { id: run.id, limits } })).updateRun;
    expect(await update({ maxCostUsd: 75 })).toEqual({
      run: { cost: { capUsd: 75 }, spec: { limits: { maxCostUsd: 50 } } },
    });
    expect(await update({ maxCostUsd: -1 })).toEqual({
      issues: [{ path: ['limits', 'maxCostUsd'], code: 'OUT_OF_RANGE' }],
    });
  });
});

describe('a plan on a machine of one’s own', () => {
  it('has nothing to choose from, and says that a cap has no effect', async () => {
    expect(await plan(free, { limits: { maxCostUsd: 1 } })).toMatchObject({
      ...{ estimate: null, offers: [], spec: { resources: { instanceType: null, spot: null } } },
      warnings: [{ path: ['limits', 'maxCostUsd'], code: 'HAS_NO_EFFECT' }],
    });
    expect(await plan(free, { resources: { spot: true } })).toEqual({
      issues: [{ path: ['resources', 'spot'], code: 'UNKNOWN_MACHINE' }],
    });
  });
});

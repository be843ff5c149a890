/** One launch is one job, over real HTTP, however badly the queue answers; and where it is two after all, one of them trains. */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../infra/clients/open-store.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../../infra/test/fault-proxy.ts';
import { launchTraining } from './launch.ts';
import { reconcile } from './reconcile.ts';
import { type Bench, type BenchOptions, openBench } from './testing/bench.ts';
import { openSmallWorld, viewer } from './testing/small-world.ts';

const SECOND = 1000;
/** How long a claim is its creator's. */
const CLAIM_S = 60;
const LAG_S = 5;

async function open(options?: BenchOptions): Promise<Bench> {
  const bench = await openBench(options);
  onTestFinished(() => bench.close());
  return bench;
}

/** The bench as another process sees it. */
const anotherProcess = (bench: Bench) => ({
  ...bench.g,
  store: openStore({ GANWAY_EMBEDDED_STORE: join(bench.folder, 'store') }),
});
const round = async (bench: Bench) =>
  expect(await reconcile(anotherProcess(bench), bench.projectId)).toEqual({ failures: [] });
/** Time passes for everybody. */
const pass = (bench: Bench, seconds: number) => {
  bench.advance(seconds * SECOND);
  bench.advanceQueue(seconds * SECOND);
};

describe('a submission whose reply gets lost', () => {
  it('is adopted once its claim has expired, not before, by one of two reconciles', async () => {
    const bench = await open();
    bench.loseReplies = true;
    const { runId } = (await bench.newRun()).file;
    bench.loseReplies = false;
    pass(bench, CLAIM_S - 1);
    await round(bench);
    expect((await bench.now(runId)).state.launches[0]).toMatchObject({ jobId: null });
    pass(bench, 2);
    await Promise.all([round(bench), round(bench)]);
    const [job] = bench.queue.jobs();
    expect((await bench.now(runId)).state.launches[0]?.jobId).toBe(job?.jobId);
    expect(bench.jobNames()).toEqual([`${runId}-1`]);
  });

  it('is made once though the queue lists its jobs five seconds late, whenever it is looked for', async () => {
    const bench = await open({ listLagMs: LAG_S * SECOND });
    bench.loseReplies = true;
    const launched = await bench.launch('key');
    if (launched.kind !== 'launched') throw new Error(launched.kind);
    const { runId } = launched.run.file;
    bench.loseReplies = false;
    expect(await bench.g.queue.findByName(`${runId}-1`)).toEqual([]);
    for (let second = 1; second <= CLAIM_S + LAG_S + 1; second += 1) {
      pass(bench, 1);
      await Promise.all([round(bench), bench.launch('key')]);
      if (second < LAG_S) expect(await bench.g.queue.findByName(`${runId}-1`)).toEqual([]);
    }
    expect(bench.jobNames()).toEqual([`${runId}-1`]);
    expect((await bench.now(runId)).state.launches).toMatchObject([{ jobId: bench.queue.jobs()[0]?.jobId }]);
  });
});

describe('a submission over a connection that breaks', () => {
  /** What the queue has of it when the connection is gone. */
  const faults: readonly (readonly [Fault, number])[] = [
    ['lose', 1],
    ['truncate', 1],
    [500, 0],
    [503, 0],
    [429, 0],
  ];
  it.each(faults)('(%s) is one job in the end', async (fault, jobs) => {
    let proxy: FaultProxy | undefined;
    const bench = await open({
      listLagMs: LAG_S * SECOND,
      endpointOf: async (endpoint) => {
        proxy = await startFaultProxy(endpoint);
        return proxy.url;
      },
    });
    onTestFinished(() => proxy?.close());
    proxy?.onRequest(({ url }) => (url === '/v1/submitjob' ? fault : null));
    const { runId } = (await bench.newRun()).file;
    expect(bench.jobNames()).toHaveLength(jobs);
    // Nor does the first reconcile that may look hear anything of what it sends.
    pass(bench, CLAIM_S + 1);
    await round(bench);
    proxy?.onRequest(() => null);
    pass(bench, CLAIM_S + 1);
    await round(bench);
    expect(bench.jobNames()).toEqual([`${runId}-1`]);
    expect((await bench.now(runId)).state.launches).toMatchObject([{ jobId: bench.queue.jobs()[0]?.jobId }]);
  });
});

describe('a submission that its maker sends only when nobody waits for it any more', () => {
  it('makes a second job, of which one trains', async () => {
    const world = await openSmallWorld({ lagMs: LAG_S * SECOND });
    const slow = world.fresh();
    const submit: typeof slow.queue.submit = async (request) => {
      // A process that was frozen: its claim runs out just as its job is made, which is not listed yet.
      world.advance(CLAIM_S * SECOND + 1);
      const made = await slow.queue.submit(request);
      expect(await reconcile(world.fresh(), 'lab')).toEqual({ failures: [] });
      return made;
    };
    const input = { idempotencyKey: 'key', training: { dataset: 'digits', kimg: 3.2 } };
    const { runId } = (await world.launch({ ...slow, queue: { ...slow.queue, submit } })).file;
    expect(world.queue.jobs().map(({ name }) => name)).toEqual([`${runId}-1`, `${runId}-1`]);
    expect(await launchTraining(world.fresh(), viewer, input)).toMatchObject({ kind: 'launched', replayed: true });
    expect(await world.settle('heard')).toEqual([]);
    expect((await world.run()).state).toMatchObject({ phase: 'SUCCEEDED', launches: [{ launch: 1 }] });
    expect([...world.trained.values()].map((jobs) => jobs.size)).toEqual([1]);
    expect(world.queue.jobs().map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  });
});

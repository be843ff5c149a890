/** The whole system at its smallest, for tables of faults: the domain over storage in memory, a queue and containers on paper; no test. */
import { randomBytes } from 'node:crypto';
import { makeStatus } from '../../../functions/status.ts';
import { localSigner } from '../../../infra/clients/local-signer.ts';
import type { Ganway, Viewer } from '../../ganway.ts';
import { FREE } from '../../money/machine.ts';
import { encodeJson } from '../../storage/json.ts';
import { keys } from '../../storage/keys.ts';
import { listAll } from '../../storage/list-all.ts';
import { launchTraining } from '../launch.ts';
import { loadAnyRun, type Snapshot } from '../load.ts';
import { reconcile } from '../reconcile.ts';
import { isTerminal } from '../state.ts';
import { digits } from './bench.ts';
import { memoryStore } from './memory-store.ts';
import { type ModelQueue, modelQueue } from './model-queue.ts';
import { type ContainerStart, modelTrainer, type TrainerOptions } from './model-trainer.ts';

/** What becomes of the queue's news. */
export type Hearing = 'heard' | 'lost' | 'twice' | 'backwards';

export interface SmallWorld {
  readonly g: Ganway;
  readonly queue: ModelQueue;
  /** Jobs that began to train, by their names. */
  readonly trained: ReadonlyMap<string, ReadonlySet<string>>;
  advance(milliseconds: number): void;
  /** The same world as a process sees it that remembers nothing. */
  fresh(): Ganway;
  launch(g?: Ganway): Promise<Snapshot>;
  /** Every run that has a spec, deleted ones too. */
  runs(): Promise<Snapshot[]>;
  /** The one run there is. @throws where there are none or several */
  run(): Promise<Snapshot>;
  /** Lets the containers go on until every job has ended. */
  work(): Promise<void>;
  /** One round of everybody: containers, the queue's news, and reconcile a minute later. */
  round(hearing: Hearing): Promise<void>;
  /** Rounds until nothing is left to do. Returns what is wrong with the world then. */
  settle(hearing: Hearing): Promise<readonly string[]>;
}

export interface SmallWorldOptions extends Partial<Omit<TrainerOptions, 'processOf'>> {
  readonly lagMs?: number;
  /** Default, and where it is null: a process without a fault that remembers nothing. */
  readonly processOf?: (container: ContainerStart) => Ganway | null;
}

const MINUTE = 60_000;
/** More than any fault here takes to be repaired. */
const ROUNDS = 12;

export const viewer: Viewer = { id: 'ada', name: 'Ada', projects: [{ id: 'lab', name: 'Laboratory', role: 'ADMIN' }] };

export async function openSmallWorld({ lagMs = 0, ...trainer }: SmallWorldOptions = {}): Promise<SmallWorld> {
  const store = memoryStore();
  let time = Date.UTC(2026, 0, 1);
  const now = () => new Date(time);
  const queue = modelQueue(now, lagMs);
  const g: Ganway = {
    ...{ store, queue, now, signer: localSigner(randomBytes(32)), random: (bytes) => randomBytes(bytes) },
    ...{ memoryMb: () => 500, learned: () => [], whyWholeBatch: () => null, stepFlops: () => 1e9 },
    settings: {
      version: '1.2.3',
      defaultProject: 'lab',
      slot: { threads: 2, gpus: 0, memoryMb: 4096 },
      jobEnvironment: {},
      maxOpenRuns: 1000,
      money: FREE,
    },
  };
  await store.put(keys.datasetManifest('digits'), encodeJson(digits));
  const trained = new Map<string, Set<string>>();
  const container = modelTrainer({
    endOf: () => null,
    ...trainer,
    processOf: (start) => trainer.processOf?.(start) ?? world.fresh(),
    onTraining: async (job) => {
      trained.set(job.name, (trained.get(job.name) ?? new Set()).add(job.id));
      await trainer.onTraining?.(job);
    },
  });
  const listed = async (prefix: string) => (await listAll(store, prefix)).map(({ key }) => key);

  /** Everything that a second look must leave as it is. */
  const everything = async () =>
    (await listAll(store, 'projects/'))
      .filter(({ key }) => !key.includes('/turns/'))
      .map(({ key, etag }) => key + etag);

  const world: SmallWorld = {
    ...{ g, queue, trained },
    advance: (milliseconds) => {
      time += milliseconds;
    },
    fresh: () => ({ ...g, store: { ...store } }),
    async launch(by = world.fresh()) {
      const training = { dataset: 'digits', kimg: 3.2 };
      const launched = await launchTraining(by, viewer, { idempotencyKey: 'key', training });
      if (launched.kind !== 'launched') throw new Error(JSON.stringify(launched));
      return launched.run;
    },
    async runs() {
      const specs = (await listed(keys.runs('lab'))).filter((key) => key.endsWith('/spec.json'));
      const ids = specs.map((key) => key.slice(keys.runs('lab').length, -'/spec.json'.length));
      const { store: unread } = world.fresh();
      return (await Promise.all(ids.map((id) => loadAnyRun(unread, id)))).filter((run) => run !== null);
    },
    async run() {
      const [run, ...others] = await world.runs();
      if (!run || others.length > 0) throw new Error(`There are ${others.length + (run ? 1 : 0)} runs.`);
      return run;
    },
    work: () => queue.run(container),
    async round(hearing) {
      await world.work();
      const news = queue.takeNews();
      const told = { heard: news, lost: [], twice: [...news, ...news], backwards: news.toReversed() }[hearing];
      for (const event of told) await makeStatus(world.fresh())(event);
      world.advance(MINUTE + 1);
      const { failures } = await reconcile(world.fresh(), 'lab');
      if (failures.length > 0) throw new AggregateError(failures, 'reconcile failed');
    },
    async settle(hearing) {
      const isSettled = async () =>
        (await listed(keys.openRuns('lab'))).length === 0 &&
        (await world.runs()).every(({ state }) => !state.deleted) &&
        queue.jobs().every(({ status }) => status === 'SUCCEEDED' || status === 'FAILED');
      let rounds = 0;
      do await world.round(hearing);
      while (++rounds < ROUNDS && !(await isSettled()));
      const before = await everything();
      world.advance(MINUTE + 1);
      await reconcile(world.fresh(), 'lab');
      const after = await everything();
      return [
        ...(rounds === ROUNDS ? [`something is still open: ${await listed(keys.openRuns('lab'))}`] : []),
        ...(before.join() === after.join() ? [] : ['a further reconcile changes something']),
        ...(await wrongWithRuns()),
        ...[...trained].flatMap(([name, jobs]) => (jobs.size > 1 ? [`${[...jobs]} have trained ${name}`] : [])),
      ];
    },
  };

  async function wrongWithRuns(): Promise<string[]> {
    const runs = await world.runs();
    const shown = runs.filter(({ state }) => !state.deleted).map(({ file }) => keys.index(file.runId));
    const index = await listed(keys.indexOfRuns('lab'));
    return [
      ...(shown.sort().join() === index.join() ? [] : [`runs ${shown} are listed as ${index}`]),
      ...runs.flatMap(({ file: { runId }, state }) => [
        ...(isTerminal(state.phase) ? [] : [`${runId} is still ${state.phase}`]),
        ...(state.phase === 'FAILED' && state.reason === null ? [`${runId} does not say why it FAILED`] : []),
      ]),
    ];
  }

  return world;
}

import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import {
  type Container,
  cleanUp,
  home,
  journalOf,
  newRun,
  open,
  resultOf,
  startContainer,
  stateOf,
} from '../../infra/test/container.ts';

afterAll(cleanUp);

/** The shortest life in which everything is written once: rows, a sheet, and a checkpoint in the middle. */
const SHORT = {
  steps: 2,
  snapshots: {
    ...{ tickSteps: 1, sampleSteps: 2, checkpointSteps: 1, columns: 2, rows: 2 },
    ...{ sampleSeconds: 1e6, checkpointSeconds: 1e6 },
  },
};

/** A store of a process that is gone before its `nth` write: from then on nothing is done and nothing returns. */
function storeUntil(nth: number): { readonly store: ObjectStore; readonly gone: Promise<void>; writes(): number } {
  const store = open();
  let writes = 0;
  let die = () => {};
  const gone = new Promise<void>((resolve) => {
    die = resolve;
  });
  const alive =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>, isWrite: boolean) =>
    (...args: Args): Promise<Result> => {
      if (isWrite) writes += 1;
      if (writes < nth) return act(...args);
      die();
      return new Promise<never>(() => {});
    };
  return {
    gone,
    writes: () => writes,
    store: {
      create: alive(store.create, true),
      replace: alive(store.replace, true),
      put: alive(store.put, true),
      remove: alive(store.remove, true),
      get: alive(store.get, false),
      head: alive(store.head, false),
      list: alive(store.list, false),
    },
  };
}

/** Another host has another disk. */
const elsewhere = join(home, 'elsewhere');
const result = async (runId: string) => resultOf(await journalOf(open(), runId), await stateOf(runId));
/** The trainer of a supervisor that is gone, where there is one and it has not ended by itself. */
const endTrainer = (container: Container): void => {
  if (!container.lines.some((line) => line.startsWith('toy trainer'))) return;
  try {
    container.killTrainer();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

describe('a supervisor that is killed between any two of its writes', () => {
  it('is followed by one that brings the run to the same end', async () => {
    const whole = storeUntil(Number.POSITIVE_INFINITY);
    const undisturbed = await newRun(whole.store, SHORT);
    expect(await startContainer(whole.store, undisturbed).exitCode).toBe(0);
    const expected = await result(undisturbed);
    expect(expected.rows.map(([step]) => step)).toEqual([1, 2]);
    expect(expected.sheets.map(([step]) => step)).toEqual([0, 2]);
    expect(expected.checkpoints).toEqual([0, 1, 2]);

    let ended = false;
    for (let nth = 1; !ended; nth += 1) {
      const runId = await newRun(open(), SHORT);
      const dying = storeUntil(nth);
      const first = startContainer(dying.store, runId, { container: 1 });
      ended = await Promise.race([dying.gone.then(() => false), first.exitCode.then(() => true)]);
      if (!ended) endTrainer(first);
      expect([nth, await startContainer(open(), runId, { container: 2, workDir: elsewhere }).exitCode]).toEqual([
        nth,
        0,
      ]);
      const state = await stateOf(runId);
      expect([nth, state.phase, state.attempts.length <= 2]).toEqual([nth, 'SUCCEEDED', true]);
      expect([nth, await result(runId)]).toEqual([nth, expected]);
      if (ended) expect(nth).toBeGreaterThan(12);
    }
  }, 300_000);
});

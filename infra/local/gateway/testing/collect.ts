/** Collects what a subscription hears, and lets a test wait for it; knows no server. */
import type { Client, FormattedExecutionResult } from 'graphql-ws';
import type { Live } from '../../../../graph/live/live.ts';
import { readLiveRun } from '../../../../graph/live/members.ts';
import { isBehind } from '../../../../graph/live/pending.ts';
import { type Batch, WATCH } from './rig.ts';

export interface Watching {
  readonly batches: readonly Batch[];
  /** Steps of the metric rows, in the order they came. */
  readonly steps: () => number[];
  /** Resolves when the condition holds; looked at whenever something comes. */
  until(condition: (batches: readonly Batch[]) => boolean): Promise<void>;
  /** Resolves when the server completes, rejects with what it says instead. */
  readonly completed: Promise<void>;
  stop(): void;
}

interface Options {
  readonly after?: string | null;
  readonly query?: string;
  /** Keep the batches of an earlier subscription. */
  readonly onBatch?: (batch: Batch) => void;
}

/** Subscribes to a run, again from where it was whenever the connection breaks: as a client should. */
export function watch(client: Client, runId: string, { after = null, query = WATCH, onBatch }: Options = {}): Watching {
  const batches: Batch[] = [];
  const waiting = new Set<() => void>();
  const variables = {
    run: runId,
    get after() {
      return batches.at(-1)?.cursor ?? after;
    },
  };
  let stop = () => {};
  const completed = new Promise<void>((resolve, reject) => {
    stop = client.subscribe<{ runEvents: Batch }>(
      { query, variables },
      {
        next: ({ data, errors }: FormattedExecutionResult<{ runEvents: Batch }, unknown>) => {
          if (!data) return reject(errors);
          batches.push(data.runEvents);
          onBatch?.(data.runEvents);
          for (const look of waiting) look();
        },
        error: reject,
        complete: resolve,
      },
    );
  });
  completed.catch(() => undefined);
  return {
    batches,
    steps: () => batches.flatMap(({ events }) => events.flatMap(({ step }) => (step === undefined ? [] : [step]))),
    until: (condition) => {
      const met = new Promise<void>((resolve) => {
        const look = () => {
          if (!condition(batches)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
      const early = completed.then(() => {
        if (!condition(batches)) throw new Error('completed before what was waited for');
      });
      return Promise.race([met, early]);
    },
    completed,
    stop: () => stop(),
  };
}

/** What a client makes of batches by `since`, as the schema tells it to: apply, skip, or it has missed something. */
export function apply(batches: readonly Batch[]): number[] {
  let cursor = '0000000000.00000';
  const steps: number[] = [];
  for (const batch of batches) {
    if (batch.since < cursor) continue;
    if (batch.since > cursor) throw new Error(`a gap between ${cursor} and ${batch.since}`);
    cursor = batch.cursor;
    for (const { step } of batch.events) if (step !== undefined) steps.push(step);
  }
  return steps;
}

/** Resolves once nobody delivers in a run and nothing is left to deliver: the next round is the caller's. */
export async function settled(live: Live, runId: string): Promise<void> {
  for (;;) {
    const liveRun = await readLiveRun(live, runId);
    if (liveRun.lease?.value.owner === null && !(await isBehind(live, runId, liveRun))) return;
    await new Promise(setImmediate);
  }
}

/** From the append of an event to a subscriber, at a steady pace; knows no targets. */
import { setTimeout } from 'node:timers/promises';
import { watchRun } from '../watch-run.ts';
import { type MadeRun, metricsAt } from './made-run.ts';
import type { Bench } from './with-stack.ts';

export interface AppendTimes {
  /** Milliseconds from the call of append to the receipt of each event. */
  readonly received: readonly number[];
  /** Milliseconds that each append itself took: the storage's part. */
  readonly written: readonly number[];
}

/**
 * Appends rows `first` to `first + count − 1`, each a segment of its own, `perSecond` of them, and waits until all are
 * received. An append that is late does not make the next ones bunch up.
 */
export async function timeAppends(
  { stack }: Bench,
  run: MadeRun,
  { first, count, perSecond }: { readonly first: number; readonly count: number; readonly perSecond: number },
): Promise<AppendTimes> {
  const sent = new Map<number, number>();
  const received: number[] = [];
  const written: number[] = [];
  const watcher = watchRun(stack.ready.graphql, run.id, null, ({ step = -1 }) => {
    const from = sent.get(step);
    if (from !== undefined) received.push(performance.now() - from);
  });
  try {
    await watcher.until((event) => event.phase === 'RUNNING');
    for (let step = first; step < first + count; step++) {
      const from = performance.now();
      sent.set(step, from);
      await run.append([metricsAt(step)]);
      written.push(performance.now() - from);
      await setTimeout(Math.max(0, 1000 / perSecond - (performance.now() - from)));
    }
    await watcher.until((event) => event.step === first + count - 1);
    return { received, written };
  } finally {
    await watcher.close();
  }
}

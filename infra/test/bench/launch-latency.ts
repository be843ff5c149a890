/** From a launch to its first metric at a subscriber, stage by stage; knows no targets. */

import { launchAndWatch, stopRun, type Training } from '../training.ts';
import type { SeenEvent } from '../watch-run.ts';
import { type Bench, untilIdle } from './with-stack.ts';

/** What lies between the sending of the mutation and the first row at the subscriber, in order; milliseconds. */
export const STAGES = [
  'sent → recorded',
  'recorded → STARTING',
  'STARTING → AttemptStarted',
  'AttemptStarted → RUNNING',
  'RUNNING → first row',
  'first row → received',
] as const;

export interface LaunchTimes {
  /** Milliseconds from the sending of the mutation to the receipt of the first row. */
  readonly total: number;
  /** Milliseconds of each of {@link STAGES}. */
  readonly stages: readonly number[];
}

/**
 * Launches a training, follows it and stops it after its first row. The stages are between the `at` of events and this
 * process's clock, which are one clock on one machine.
 */
export async function timeLaunch(bench: Bench, training: Training): Promise<LaunchTimes> {
  await untilIdle(bench);
  let received = Number.NaN;
  const sent = Date.now();
  const { runId, watcher } = await launchAndWatch(bench.stack, training, (event) => {
    if (isRow(event) && Number.isNaN(received)) received = Date.now();
  });
  const first = await watcher.until(isRow);
  await stopRun(bench.stack, runId);
  await watcher.ended;
  const recorded = await watcher.until((event) => event.phase === 'QUEUED');
  const running = await watcher.until((event) => event.phase === 'RUNNING');
  const attempt = await watcher.until((event) => event.__typename === 'AttemptStarted');
  // Where a container is quicker than the news of it, the run was never seen STARTING.
  const starting = watcher.events.find((event) => event.phase === 'STARTING') ?? attempt;
  const moments = [sent, ...[recorded, starting, attempt, running, first].map(({ at }) => Date.parse(at)), received];
  const stages = moments.slice(1).map((moment, index) => moment - (moments[index] ?? Number.NaN));
  return { total: received - sent, stages };
}

const isRow = (event: SeenEvent): boolean => event.__typename === 'MetricsLogged';

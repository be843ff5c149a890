/** Settles what an earlier queue process left behind: its orphans end, their attempts end as on a lost host. */
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../../process/identity.ts';
import { killGroup } from './attempt.ts';
import { childrenOf, type Job } from './job.ts';
import type { JobTable } from './job-table.ts';

/** How long a killed process may take to be gone. */
const DEATH_MS = 5000;
const LOOK_EVERY_MS = 5;

/** Jobs that were in an attempt when the process that ran them ended. */
export function interrupted(table: JobTable): Job[] {
  return [...table.live()].filter(({ state }) => state.status === 'STARTING' || state.status === 'RUNNING');
}

/**
 * Kills what is left of an interrupted attempt. A process is touched only if it is still the very one that was started;
 * one that never made it into the record ends itself, because the pipe on its stdin broke.
 */
export async function endOrphan(job: Job, report: (message: string) => void): Promise<void> {
  const orphan = job.state.status === 'RUNNING' ? job.state.process : null;
  if (orphan === null || !isAlive(orphan)) return;
  killGroup(orphan.pid);
  if (!(await dies(orphan))) report(`Process ${orphan.pid} of job ${job.id} does not end, though it was killed.`);
}

/** Ids of jobs that ended before a time, in milliseconds since 1970, and may be forgotten; children go with their array. */
export function forgettable(table: JobTable, before: number): string[] {
  return [...table.all()]
    .filter((job) => {
      const family = [job, ...childrenOf(job).flatMap(({ id }) => table.find(id) ?? [])];
      return (
        job.place.kind !== 'CHILD' && stoppedBefore(job, before) && family.every(({ outbox }) => outbox.length === 0)
      );
    })
    .flatMap((job) => [job.id, ...childrenOf(job).map(({ id }) => id)]);
}

function stoppedBefore({ state }: Job, before: number): boolean {
  return (state.status === 'SUCCEEDED' || state.status === 'FAILED') && state.stoppedAt < before;
}

async function dies(process: ProcessIdentity): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < DEATH_MS; ) {
    if (!isAlive(process)) return true;
    await delay(LOOK_EVERY_MS);
  }
  return !isAlive(process);
}

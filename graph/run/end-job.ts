/** Ends the job of a run that is to stop, where the queue can be reached; knows no journal. */
import type { Ganway } from '../ganway.ts';

/** Asks the queue to end a job. The wish is in the journal: where the queue does not answer now, reconcile asks again. */
export async function endJob(g: Pick<Ganway, 'queue'>, jobId: string, why: string): Promise<void> {
  await g.queue.terminate(jobId, why).catch(() => undefined);
}

/** Lambda behind EventBridge's `Batch Job State Change`: a fact of the queue in, the run's journal asked to record it; decides nothing. */
import type { Ganway } from '../graph/ganway.ts';
import { factOf, recordJob } from '../graph/run/record-job.ts';
import type { JobStatus, QueuedJob } from '../graph/storage/ports.ts';
import { atFirstEvent } from './cold-start.ts';
import { wire } from './wire.ts';

/** The event, as far as it is looked at; its detail has the shape of DescribeJobs. Comes at least once, in any order. */
export interface BatchStateChange {
  readonly detail: {
    readonly jobId: string;
    readonly jobName: string;
    readonly status: string;
    readonly statusReason?: string;
    /** Milliseconds since 1970, as all times here. */
    readonly startedAt?: number;
    readonly attempts?: readonly {
      readonly startedAt?: number;
      readonly stoppedAt?: number;
      readonly container?: { readonly exitCode?: number; readonly reason?: string };
      readonly statusReason?: string;
    }[];
  };
}

/** Records what an event says about the job of a run. Throws where the storage fails, so that the event comes again. */
export function makeStatus(g: Ganway): (event: BatchStateChange) => Promise<void> {
  return async ({ detail }) => {
    const fact = factOf(jobOf(detail));
    if (fact) await recordJob(g, fact);
  };
}

/** Entry of the Lambda. */
export const handler: (event: BatchStateChange) => Promise<void> = atFirstEvent(() => makeStatus(wire().g));

function jobOf({
  jobId,
  jobName,
  status,
  statusReason,
  startedAt,
  attempts = [],
}: BatchStateChange['detail']): QueuedJob {
  return {
    id: jobId,
    name: jobName,
    status: status as JobStatus,
    ...(statusReason !== undefined && { statusReason }),
    ...(startedAt !== undefined && { startedAt: new Date(startedAt) }),
    attempts: attempts.map(({ container, statusReason: why, startedAt: began, stoppedAt }) => ({
      ...(began !== undefined && { startedAt: new Date(began) }),
      ...(stoppedAt !== undefined && { stoppedAt: new Date(stoppedAt) }),
      ...(container?.exitCode !== undefined && { exitCode: container.exitCode }),
      ...(container?.reason !== undefined && { reason: container.reason }),
      ...(why !== undefined && { statusReason: why }),
    })),
  };
}

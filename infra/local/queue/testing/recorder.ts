/** Keeps the state changes that a queue tells of and lets a test wait for them; knows no queue. */
import type { BatchJobStateChange } from '../state-change.ts';

export interface Recorder {
  readonly events: BatchJobStateChange[];
  readonly take: (event: BatchJobStateChange) => Promise<void>;
  /** The first event that satisfies the predicate, past or to come. */
  until(predicate: (event: BatchJobStateChange) => boolean): Promise<BatchJobStateChange>;
  /** The first event of the job with one of the statuses. */
  reaches(jobId: string, ...statuses: string[]): Promise<BatchJobStateChange>;
  /** The statuses of a job in the order of their events. */
  statuses(jobId: string): string[];
}

export function recorder(): Recorder {
  const events: BatchJobStateChange[] = [];
  const waiting = new Set<(event: BatchJobStateChange) => void>();
  const until: Recorder['until'] = (predicate) =>
    new Promise((resolve) => {
      const past = events.find(predicate);
      if (past !== undefined) return resolve(past);
      const look = (event: BatchJobStateChange) => {
        if (!predicate(event)) return;
        waiting.delete(look);
        resolve(event);
      };
      waiting.add(look);
    });
  return {
    events,
    async take(event) {
      events.push(event);
      for (const look of [...waiting]) look(event);
    },
    until,
    reaches: (jobId, ...statuses) => until(({ detail }) => detail.jobId === jobId && statuses.includes(detail.status)),
    statuses: (jobId) => events.filter(({ detail }) => detail.jobId === jobId).map(({ detail }) => detail.status),
  };
}

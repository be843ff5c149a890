/** Delivers the state changes that job records hold, at least once and in order per job; knows no receiver. */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { JobTable } from './job-table.ts';
import type { BatchJobStateChange } from './state-change.ts';

export interface Outbox {
  /** Starts to deliver what the job's record holds, unless that is under way. */
  deliver(jobId: string): void;
  /** Delivers no more; what is left stays in the records for the next start. */
  close(): void;
}

const CONCURRENT_DELIVERIES = 8;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 30_000;

export function openOutbox(options: {
  readonly table: JobTable;
  readonly onStateChange: (event: BatchJobStateChange) => Promise<void>;
  readonly report: (message: string) => void;
}): Outbox {
  const { table, onStateChange, report } = options;
  const closing = new AbortController();
  const underWay = new Set<string>();
  const limit = pLimit(CONCURRENT_DELIVERIES);

  const drain = async (jobId: string): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted; ) {
      const event = table.find(jobId)?.outbox[0];
      if (event === undefined) return;
      try {
        await limit(() => onStateChange(event));
      } catch (error) {
        if (failures === 0) report(`A state change of job ${jobId} was not taken: ${(error as Error).message}`);
        const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures++);
        await delay(longest * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(() => {});
        continue;
      }
      failures = 0;
      const job = table.find(jobId);
      if (job === undefined || closing.signal.aborted) return;
      // A delivery that a crash makes us forget is made twice, which at least once allows.
      table.putLazily({ ...job, outbox: job.outbox.filter(({ id }) => id !== event.id) });
    }
  };

  return {
    deliver(jobId) {
      if (underWay.has(jobId)) return;
      underWay.add(jobId);
      void drain(jobId).finally(() => {
        underWay.delete(jobId);
        // A change may have come between the last look and this line.
        if (!closing.signal.aborted && table.find(jobId)?.outbox.length) this.deliver(jobId);
      });
    },
    close() {
      closing.abort();
    },
  };
}

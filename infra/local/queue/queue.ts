/** The local job queue put together: AWS Batch's REST API over jobs on disk that run as child processes. */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockFolder } from '../../process/lock.ts';
import type { EntryCommand } from './attempt.ts';
import { type JobDetail, jobDetail } from './describe.ts';
import { openJobFiles } from './job-files.ts';
import { openJobTable } from './job-table.ts';
import { isLoopback } from './loopback.ts';
import { openOutbox } from './outbox.ts';
import { endOrphan, forgettable, interrupted } from './recover.ts';
import { routes } from './routes.ts';
import { inventHost, logFolder, openScheduler } from './scheduler.ts';
import { startServer } from './server.ts';
import { type Credentials, verifier } from './signature.ts';
import type { BatchJobStateChange } from './state-change.ts';

export interface QueueOptions {
  /** Folder of the queue: its jobs, their logs, its lock. Made where it is missing. */
  readonly home: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0, which is any free one. */
  readonly port?: number;
  /** Trainings that run at once; one task runs beside them. */
  readonly slots: number;
  /** The one key that may sign requests. */
  readonly credentials: Credentials;
  readonly region: string;
  /** What the job definition `ganway-trainer` stands for. */
  readonly command: EntryCommand;
  /**
   * Takes each state change at least once, those of one job in order. While it rejects it is asked again, with growing
   * pauses, also after a restart.
   */
  readonly onStateChange: (event: BatchJobStateChange) => Promise<void>;
  /** Milliseconds from SIGTERM to SIGKILL, default 30,000. */
  readonly killGraceMs?: number;
  /** Milliseconds since 1970, default the machine's clock. */
  readonly now?: () => number;
  /** Length of the second that attempt timeouts count in, default 1000 ms; for tests. */
  readonly secondMs?: number;
  /** Fault injection: `drop` does what a SubmitJob asks and loses the reply. */
  readonly onSubmitReply?: 'drop' | (() => 'send' | 'drop');
  /** Fault injection: ListJobs shows a job only when it is that old, default 0. */
  readonly listLagMs?: number;
  /** Hears of trouble that nobody else is told of; default standard error. */
  readonly report?: (message: string) => void;
}

export interface LocalQueue {
  /** For the `endpoint` of an AWS client, e.g. `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  /** All jobs, oldest first; children stand behind their array. */
  jobs(): JobDetail[];
  /** Takes the host away under a running job; false where it does not run. Throws where there is no such job. */
  reclaim(jobId: string): boolean;
  /**
   * Ends every attempt as a lost host would and frees the home; the next start tries them again.
   * Graceful: SIGTERM and the usual grace. Else SIGKILL at once, also where a graceful close is under way.
   */
  close(options?: { readonly graceful?: boolean }): Promise<void>;
}

/** AWS keeps ended jobs for a week at least; nothing here costs enough to forget them sooner than after a month. */
const FORGET_MS = 30 * 24 * 3600 * 1000;

/**
 * Opens the queue of a home folder and resumes what is there.
 *
 * @throws Error where another process has the home open, the folder cannot be written or the port is in use
 */
export async function startQueue(options: QueueOptions): Promise<LocalQueue> {
  const { slots, credentials, region, command, onStateChange } = options;
  const { host = '127.0.0.1', port = 0, killGraceMs = 30_000, secondMs = 1000, listLagMs = 0 } = options;
  const { now = Date.now, report = console.error, onSubmitReply = () => 'send' } = options;
  const home = resolve(options.home);
  const logs = join(home, 'logs');
  if (!isLoopback(host)) throw new Error(`The queue runs commands and binds to loopback only, not to ${host}.`);

  const closers = [lockFolder(home)];
  try {
    const table = openJobTable(openJobFiles(join(home, 'jobs'), report), report);
    closers.unshift(() => table.close());
    const outbox = openOutbox({ table, onStateChange, report });
    closers.unshift(() => outbox.close());
    const scheduler = openScheduler({
      ...{ table, outbox, command, slots, region, logs, killGraceMs, secondMs, now },
    });
    const server = await startServer({
      host,
      port,
      routes: routes({
        ...{ table, scheduler, region, slots, listLagMs, now },
        allowedEnvironment: command.allowedEnvironment ?? [],
      }),
      verify: verifier({ credentials, region, now }),
      losesReply: (path) => path === '/v1/submitjob' && (onSubmitReply === 'drop' || onSubmitReply() === 'drop'),
      report,
    });

    for (const id of forgettable(table, now() - FORGET_MS)) {
      table.remove(id);
      rmSync(logFolder(logs, id), { recursive: true, force: true });
    }
    const left = interrupted(table);
    await Promise.all(left.map((job) => endOrphan(job, report)));
    for (const job of left) scheduler.lose(job.id, inventHost());
    for (const job of table.all()) if (job.outbox.length > 0) outbox.deliver(job.id);
    scheduler.wake();

    let closing: Promise<void> | undefined;
    return {
      endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
      jobs: () => [...table.all()].map((job) => jobDetail(job, region, table.find)),
      reclaim: (jobId) => scheduler.reclaim(jobId),
      close({ graceful = true } = {}) {
        const stopped = scheduler.stop(graceful ? killGraceMs : 0);
        closing ??= Promise.all([server.close(), stopped]).then(() => {
          for (const close of closers) close();
        });
        return closing;
      },
    };
  } catch (error) {
    for (const close of closers) close();
    throw error;
  }
}

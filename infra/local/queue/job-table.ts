/** All jobs of the queue, in memory and on disk, in the order in which they run; decides nothing about them. */
import { childrenOf, hasEnded, type Job } from './job.ts';
import type { JobFiles } from './job-files.ts';

export interface JobTable {
  readonly find: (id: string) => Job | undefined;
  /** Every job, oldest first; children stand behind their parent. */
  all(): Iterable<Job>;
  /** Those that have not ended, oldest first. */
  live(): Iterable<Job>;
  /** Writes a new job before it is known; throws where the disk refuses. */
  add(job: Job): void;
  /** Replaces a job. Where the disk refuses, memory goes ahead and the disk follows as soon as it can. */
  put(job: Job): void;
  /** Replaces a job in memory; the disk follows with its next change, or within a second. */
  putLazily(job: Job): void;
  /** Forgets a job, here and on disk. */
  remove(id: string): void;
  nextSequence(): number;
  /** Writes what is unwritten, then nothing any more: another queue may own the folder. */
  close(): void;
}

/** How long what is not written yet may stay so. */
const LATER_MS = 1000;

export function openJobTable(files: JobFiles, report: (message: string) => void): JobTable {
  const jobs = new Map<string, Job>();
  const live = new Set<string>();
  const unwritten = new Set<string>();
  let later: NodeJS.Timeout | undefined;
  let refused = false;
  let sequence = 0;
  let closed = false;

  const enter = (job: Job) => {
    jobs.set(job.id, job);
    if (hasEnded(job)) live.delete(job.id);
    else live.add(job.id);
  };
  const writeLater = (id: string) => {
    unwritten.add(id);
    if (!closed) later ??= setTimeout(writeUnwritten, LATER_MS);
  };
  const write = (job: Job) => {
    try {
      // Not flushed: after a power cut an older state only means that an attempt is made again.
      files.save(job, false);
      unwritten.delete(job.id);
      refused = false;
    } catch (error) {
      if (!refused) report(`The queue cannot write job ${job.id}: ${(error as Error).message}. It tries on.`);
      refused = true;
      writeLater(job.id);
    }
  };
  const writeUnwritten = () => {
    later = undefined;
    for (const id of [...unwritten]) {
      const job = jobs.get(id);
      if (job !== undefined) write(job);
    }
  };

  const loaded = files.load();
  const children = new Map(loaded.filter((job) => job.place.kind === 'CHILD').map((job) => [job.id, job]));
  for (const job of loaded.filter((each) => each.place.kind !== 'CHILD').sort((a, b) => a.sequence - b.sequence)) {
    sequence = Math.max(sequence, job.sequence);
    enter(job);
    for (const child of childrenOf(job)) enter(children.get(child.id) ?? child);
  }

  return {
    find: (id) => jobs.get(id),
    all: () => jobs.values(),
    *live() {
      for (const id of live) {
        const job = jobs.get(id);
        if (job !== undefined) yield job;
      }
    },
    add(job) {
      files.save(job, true);
      enter(job);
      for (const child of childrenOf(job)) enter(child);
    },
    put(job) {
      enter(job);
      if (!closed) write(job);
    },
    putLazily(job) {
      enter(job);
      writeLater(job.id);
    },
    remove(id) {
      jobs.delete(id);
      live.delete(id);
      unwritten.delete(id);
      files.remove(id);
    },
    nextSequence: () => ++sequence,
    close() {
      closed = true;
      clearTimeout(later);
      writeUnwritten();
    },
  };
}

/** Whether a job may run as far as other jobs are concerned; changes nothing. */
import { childId, type Dependency, hasEnded, type Job, type JobState } from './job.ts';

export type FindJob = (id: string) => Job | undefined;

export type Readiness = 'ready' | 'waiting' | 'failed';

/** A dependency that the queue has forgotten had ended well before, or the submission would have been refused. */
export function readiness(job: Job, find: FindJob): Readiness {
  const states = awaited(job)
    .map((id) => find(id)?.state.status)
    .filter((status) => status !== undefined);
  if (states.includes('FAILED')) return 'failed';
  return states.every((status) => status === 'SUCCEEDED') ? 'ready' : 'waiting';
}

/** Whether every dependency has ended, in whatever way. */
export function settled(job: Job, find: FindJob): boolean {
  return awaited(job).every((id) => {
    const other = find(id);
    return other === undefined || hasEnded(other);
  });
}

function awaited(job: Job): string[] {
  return job.submission.dependsOn.flatMap((dependency) => awaitedBy(job, dependency) ?? []);
}

function awaitedBy(job: Job, { jobId, type }: Dependency): string | null {
  if (job.place.kind === 'CHILD') {
    const { parent, index } = job.place;
    if (type === 'SEQUENTIAL') return index === 0 ? null : childId(parent, index - 1);
    if (type === 'N_TO_N' && jobId !== null) return childId(jobId, index);
  }
  return jobId;
}

export type StatusSummary = Readonly<Record<JobState['status'], number>>;

/** How many children of an array are in which state. */
export function summarize(parent: Job, find: FindJob): StatusSummary {
  const summary = { SUBMITTED: 0, PENDING: 0, RUNNABLE: 0, STARTING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0 };
  if (parent.place.kind !== 'PARENT') return summary;
  for (let index = 0; index < parent.place.size; index++) {
    const child = find(childId(parent.id, index));
    if (child !== undefined) summary[child.state.status] += 1;
  }
  return summary;
}

/** The state of an array job: PENDING from its first runnable child on, over when all children are. */
export function foldArray(parent: Job, find: FindJob, at: number): JobState {
  if (parent.place.kind !== 'PARENT') return parent.state;
  const summary = summarize(parent, find);
  if (summary.SUCCEEDED === parent.place.size) {
    return { status: 'SUCCEEDED', statusReason: 'Array Child Job succeeded', stoppedAt: at };
  }
  if (summary.SUCCEEDED + summary.FAILED === parent.place.size) {
    const statusReason = parent.terminated ?? parent.cancelled ?? 'Array Child Job failed';
    return { status: 'FAILED', statusReason, stoppedAt: at };
  }
  return { status: summary.SUBMITTED === parent.place.size ? 'SUBMITTED' : 'PENDING' };
}

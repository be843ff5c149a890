/** Answers ListJobs: which jobs, in which order, page by page; changes nothing. */
import * as v from 'valibot';
import { type JobSummary, jobSummary } from './describe.ts';
import { clientException } from './errors.ts';
import { childId, type Job, type JobState } from './job.ts';
import type { JobTable } from './job-table.ts';
import { arn, DEFINITION, QUEUES, type QueueName, queueMeant } from './names.ts';

const STATUSES = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;
const FILTERS = ['JOB_NAME', 'JOB_DEFINITION', 'BEFORE_CREATED_AT', 'AFTER_CREATED_AT', 'SHARE_IDENTIFIER'] as const;

const request = v.object({
  jobQueue: v.optional(v.string()),
  arrayJobId: v.optional(v.string()),
  multiNodeJobId: v.optional(v.string()),
  jobStatus: v.optional(v.picklist(STATUSES, `jobStatus must be one of ${STATUSES.join(', ')}`)),
  maxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1, 'maxResults must be at least 1'))),
  nextToken: v.optional(v.string()),
  filters: v.optional(
    v.pipe(
      v.array(
        v.object({
          name: v.picklist(FILTERS, `a filter's name must be one of ${FILTERS.join(', ')}`),
          values: v.pipe(v.array(v.string()), v.length(1, 'a filter takes exactly one value')),
        }),
      ),
      v.maxLength(1, 'only one filter can be used at a time'),
    ),
    [],
  ),
});

/** Most results of a page, with a filter and without. */
const MOST = { filtered: 100, plain: 1000 };

export interface ListContext {
  readonly table: JobTable;
  readonly region: string;
  /** Jobs younger than this are not listed yet, as they may not be on AWS. */
  readonly lagMs: number;
  readonly now: () => number;
}

/** @throws AwsError `ClientException` */
export function listJobs(
  body: unknown,
  context: ListContext,
): { readonly jobSummaryList: JobSummary[]; readonly nextToken?: string } {
  const parsed = v.safeParse(request, body);
  if (!parsed.success) throw clientException(parsed.issues.map((issue) => issue.message).join('; '));
  const { jobQueue, arrayJobId, multiNodeJobId, jobStatus, maxResults, nextToken, filters } = parsed.output;
  const { table, region, lagMs, now } = context;
  if ([jobQueue, arrayJobId, multiNodeJobId].filter((each) => each !== undefined).length !== 1) {
    throw clientException('Exactly one of jobQueue, arrayJobId and multiNodeJobId is required.');
  }
  const queue = jobQueue === undefined ? null : queueMeant(jobQueue, region);
  if (jobQueue !== undefined && queue === null) {
    throw clientException(`Job queue ${jobQueue} does not exist; there are ${QUEUES.join(' and ')}.`);
  }
  const [filter] = filters;
  if (filter !== undefined && jobQueue === undefined) throw clientException('Filters need a jobQueue.');

  const candidates = queue !== null ? newestFirst(table, queue) : children(table, arrayJobId ?? '');
  const status = jobStatus ?? 'RUNNING';
  const wanted = filter === undefined ? hasStatus(status) : satisfies(filter.name, filter.values[0] ?? '', region);
  const from = nextToken === undefined ? Number.NEGATIVE_INFINITY : decode(nextToken);
  const limit = Math.min(maxResults ?? Number.POSITIVE_INFINITY, filter === undefined ? MOST.plain : MOST.filtered);
  const page = candidates
    .filter((job) => position(job) > from && now() - job.createdAt >= lagMs && wanted(job))
    .slice(0, limit + 1);
  const shown = page.slice(0, limit);
  const last = shown.at(-1);
  return {
    jobSummaryList: shown.map((job) => jobSummary(job, region)),
    ...(page.length > limit && last !== undefined ? { nextToken: encode(position(last)) } : {}),
  };
}

function newestFirst(table: JobTable, queue: QueueName): Job[] {
  return [...table.all()].filter((job) => job.place.kind !== 'CHILD' && job.submission.queue === queue).reverse();
}

function children(table: JobTable, parentId: string): Job[] {
  const parent = table.find(parentId);
  if (parent?.place.kind !== 'PARENT') return [];
  return Array.from({ length: parent.place.size }, (_, index) => table.find(childId(parentId, index))).filter(
    (job) => job !== undefined,
  );
}

/** Grows along a listing and never changes, so that a page begins right behind the last one whatever came between. */
function position(job: Job): number {
  return job.place.kind === 'CHILD' ? job.place.index : -job.sequence;
}

function encode(at: number): string {
  return Buffer.from(`after ${at}`).toString('base64url');
}

function decode(token: string): number {
  const match = /^after (-?\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  if (match === null) throw clientException('nextToken is not one that an earlier page returned.');
  return Number(match[1]);
}

function hasStatus(status: JobState['status']): (job: Job) => boolean {
  return (job) => job.state.status === status;
}

function satisfies(name: (typeof FILTERS)[number], value: string, region: string): (job: Job) => boolean {
  switch (name) {
    case 'JOB_NAME':
      return (job) => matches(value.toLowerCase(), job.submission.jobName.toLowerCase());
    case 'JOB_DEFINITION': {
      const revision = `${DEFINITION}:1`;
      const names = [DEFINITION, revision, arn(region, 'job-definition', revision)];
      return () => names.some((each) => matches(value, each));
    }
    case 'BEFORE_CREATED_AT':
      return (job) => job.createdAt < Number(value);
    case 'AFTER_CREATED_AT':
      return (job) => job.createdAt > Number(value);
    case 'SHARE_IDENTIFIER':
      return () => false;
  }
}

function matches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

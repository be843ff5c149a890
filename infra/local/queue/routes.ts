/** What each path of the queue's API does; knows neither sockets nor signatures. */
import * as v from 'valibot';
import { jobDetail } from './describe.ts';
import { clientException } from './errors.ts';
import type { JobTable } from './job-table.ts';
import { listJobs } from './list-jobs.ts';
import { arn, COMPUTE_ENVIRONMENT, DEFINITION, means, QUEUES, type QueueName, type ResourceKind } from './names.ts';
import type { Scheduler } from './scheduler.ts';
import { validateSubmission } from './validate.ts';

/** Takes a parsed body, returns what goes into the reply; throws AwsError. */
export type Route = (body: unknown) => object;

export interface RoutesContext {
  readonly table: JobTable;
  readonly scheduler: Scheduler;
  readonly region: string;
  readonly slots: number;
  readonly allowedEnvironment: readonly string[];
  readonly listLagMs: number;
  readonly now: () => number;
}

const ids = v.object({
  jobs: v.pipe(
    v.array(v.string(), 'jobs must be a list of job ids'),
    v.maxLength(100, 'at most 100 jobs can be described at once'),
  ),
});
const ending = v.object({
  jobId: v.string('jobId is required'),
  reason: v.pipe(v.string('reason is required'), v.minLength(1, 'reason is required')),
});
const target = v.object({ jobId: v.string('jobId is required') });
const names = v.optional(v.array(v.string()));

/** The routes by path; all are POST. */
export function routes(context: RoutesContext): ReadonlyMap<string, Route> {
  const { table, scheduler, region, slots, allowedEnvironment, listLagMs, now } = context;
  const described = (kind: ResourceKind, name: string, wanted: readonly string[] | undefined) =>
    wanted === undefined || wanted.length === 0 || wanted.some((each) => means(each, region, kind, name));

  return new Map<string, Route>([
    [
      '/v1/submitjob',
      (body) => {
        const submission = validateSubmission(body, { region, allowedEnvironment, find: table.find });
        const { id } = scheduler.submit(submission);
        return { jobArn: arn(region, 'job', id), jobId: id, jobName: submission.jobName };
      },
    ],
    [
      '/v1/describejobs',
      (body) => ({
        jobs: parse(ids, body).jobs.flatMap((id) => {
          const job = table.find(id);
          return job === undefined ? [] : [jobDetail(job, region, table.find)];
        }),
      }),
    ],
    ['/v1/listjobs', (body) => listJobs(body, { table, region, lagMs: listLagMs, now })],
    [
      '/v1/terminatejob',
      (body) => {
        const { jobId, reason } = parse(ending, body);
        scheduler.terminate(jobId, reason);
        return {};
      },
    ],
    [
      '/v1/canceljob',
      (body) => {
        const { jobId, reason } = parse(ending, body);
        scheduler.cancel(jobId, reason);
        return {};
      },
    ],
    [
      '/v1/describejobqueues',
      (body) => {
        const wanted = parse(v.object({ jobQueues: names }), body).jobQueues;
        const shown = QUEUES.filter((name) => described('job-queue', name, wanted));
        return { jobQueues: shown.map((name) => queue(name, region)) };
      },
    ],
    [
      '/v1/describecomputeenvironments',
      (body) => {
        const wanted = parse(v.object({ computeEnvironments: names }), body).computeEnvironments;
        const shown = described('compute-environment', COMPUTE_ENVIRONMENT, wanted);
        return { computeEnvironments: shown ? [computeEnvironment(region, slots)] : [] };
      },
    ],
    [
      '/v1/describejobdefinitions',
      (body) => {
        const request = parse(
          v.object({
            jobDefinitions: names,
            jobDefinitionName: v.optional(v.string()),
            status: v.optional(v.string()),
          }),
          body,
        );
        const shown =
          described('job-definition', DEFINITION, request.jobDefinitions) &&
          (request.jobDefinitionName ?? DEFINITION) === DEFINITION &&
          (request.status ?? 'ACTIVE') === 'ACTIVE';
        return { jobDefinitions: shown ? [definition(region)] : [] };
      },
    ],
    [
      '/v1/registerjobdefinition',
      () => {
        throw clientException(
          `The local queue runs one fixed command and has one job definition, ${DEFINITION}:1; no other can be registered.`,
        );
      },
    ],
    // Not of AWS: a spot loss at will.
    ['/local/reclaim', (body) => ({ reclaimed: scheduler.reclaim(parse(target, body).jobId) })],
  ]);
}

function parse<T extends v.GenericSchema>(schema: T, body: unknown): v.InferOutput<T> {
  const parsed = v.safeParse(schema, body);
  if (!parsed.success) throw clientException(parsed.issues.map((issue) => issue.message).join('; '));
  return parsed.output;
}

function queue(name: QueueName, region: string): object {
  return {
    jobQueueName: name,
    jobQueueArn: arn(region, 'job-queue', name),
    state: 'ENABLED',
    status: 'VALID',
    statusReason: 'JobQueue Healthy',
    priority: 1,
    computeEnvironmentOrder: [
      { order: 1, computeEnvironment: arn(region, 'compute-environment', COMPUTE_ENVIRONMENT) },
    ],
    tags: {},
  };
}

function computeEnvironment(region: string, slots: number): object {
  return {
    computeEnvironmentName: COMPUTE_ENVIRONMENT,
    computeEnvironmentArn: arn(region, 'compute-environment', COMPUTE_ENVIRONMENT),
    type: 'UNMANAGED',
    state: 'ENABLED',
    status: 'VALID',
    statusReason: 'ComputeEnvironment Healthy',
    unmanagedvCpus: slots,
    tags: {},
  };
}

function definition(region: string): object {
  return {
    jobDefinitionName: DEFINITION,
    jobDefinitionArn: arn(region, 'job-definition', `${DEFINITION}:1`),
    revision: 1,
    status: 'ACTIVE',
    type: 'container',
    parameters: {},
    containerProperties: {
      image: 'local',
      command: [],
      environment: [],
      resourceRequirements: [],
      mountPoints: [],
      ulimits: [],
      volumes: [],
    },
    platformCapabilities: ['EC2'],
    tags: {},
  };
}

/** Checks a SubmitJob request as AWS Batch does and names everything that is wrong with it; knows no HTTP. */
import * as v from 'valibot';
import { clientException } from './errors.ts';
import type { Dependency, Job, Submission } from './job.ts';
import { DEFINITION, means, QUEUES, queueMeant } from './names.ts';

const integer = (name: string, min: number, max: number) => {
  const message = `${name} must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

/** For what AWS has and a queue with one plain command has not: refused, so that nobody believes in it. */
const refused = (message: string) => v.optional(v.undefined(message));

const pattern = (name: string, characters: string) =>
  v.pipe(
    v.string(`${name} must be a string`),
    v.regex(
      new RegExp(`^(?=.)${characters}*\\*?$`, 's'),
      `${name} may hold only ${characters} and, at its end, one asterisk`,
    ),
    v.maxLength(512, `${name} may have at most 512 characters`),
  );

const rule = v.pipe(
  v.object({
    action: v.pipe(
      v.string('evaluateOnExit.action must be RETRY or EXIT'),
      v.toUpperCase(),
      v.picklist(['RETRY', 'EXIT'], 'evaluateOnExit.action must be RETRY or EXIT'),
    ),
    onExitCode: v.optional(pattern('onExitCode', '[0-9]')),
    onReason: v.optional(pattern('onReason', '[A-Za-z0-9.:\\s]')),
    onStatusReason: v.optional(pattern('onStatusReason', '[A-Za-z0-9.:\\s]')),
  }),
  v.check(
    ({ onExitCode, onReason, onStatusReason }) =>
      [onExitCode, onReason, onStatusReason].some((each) => each !== undefined),
    'a rule of evaluateOnExit needs at least one of onExitCode, onReason and onStatusReason',
  ),
);

const dependency = v.object({
  jobId: v.optional(v.string('dependsOn.jobId must be a string')),
  type: v.optional(v.picklist(['SEQUENTIAL', 'N_TO_N'], 'dependsOn.type must be SEQUENTIAL or N_TO_N')),
});

const variable = v.object(
  {
    name: v.pipe(
      v.string('an environment variable needs a name'),
      v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable may hold only letters, digits and _'),
    ),
    value: v.pipe(
      v.string('an environment variable needs a value'),
      v.check((value) => !value.includes('\0'), 'the value of an environment variable may not hold a zero byte'),
    ),
  },
  'environment must be a list of {name, value}',
);

const request = v.object({
  jobName: v.pipe(
    v.string('jobName is required'),
    v.regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
      'jobName must have 1 to 128 letters, digits, hyphens and underscores and begin with a letter or digit',
    ),
  ),
  jobQueue: v.string('jobQueue is required'),
  jobDefinition: v.string('jobDefinition is required'),
  shareIdentifier: refused('shareIdentifier cannot be given: this job queue has no fair-share policy'),
  schedulingPriorityOverride: refused(
    'schedulingPriorityOverride cannot be given: this job queue has no fair-share policy',
  ),
  nodeOverrides: refused('nodeOverrides cannot be given: this job definition is no multi-node one'),
  eksPropertiesOverride: refused('eksPropertiesOverride cannot be given: this job definition is not for EKS'),
  ecsPropertiesOverride: refused('ecsPropertiesOverride cannot be given: use containerOverrides'),
  consumableResourcePropertiesOverride: refused('consumable resources are unknown to the local queue'),
  arrayProperties: v.optional(v.object({ size: v.optional(integer('arrayProperties.size', 2, 10_000)) })),
  dependsOn: v.optional(
    v.pipe(v.array(dependency, 'dependsOn must be a list'), v.maxLength(20, 'a job can depend on at most 20 jobs')),
    [],
  ),
  parameters: v.optional(v.record(v.string(), v.string('parameters must be strings')), {}),
  propagateTags: v.optional(v.boolean('propagateTags must be true or false')),
  tags: v.optional(
    v.pipe(
      v.record(v.string(), v.string('tags must be strings')),
      v.check((tags) => Object.keys(tags).length <= 50, 'a job can have at most 50 tags'),
    ),
    {},
  ),
  timeout: v.optional(
    v.object({ attemptDurationSeconds: v.optional(integer('timeout.attemptDurationSeconds', 60, 2 ** 31 - 1)) }),
  ),
  retryStrategy: v.optional(
    v.pipe(
      v.object({
        attempts: v.optional(integer('retryStrategy.attempts', 1, 10)),
        evaluateOnExit: v.optional(
          v.pipe(
            v.array(rule, 'evaluateOnExit must be a list'),
            v.maxLength(5, 'evaluateOnExit can have at most 5 rules'),
          ),
          [],
        ),
      }),
      v.check(
        ({ attempts, evaluateOnExit }) => attempts !== undefined || evaluateOnExit.length === 0,
        'retryStrategy.attempts is required with evaluateOnExit',
      ),
    ),
  ),
  containerOverrides: v.optional(
    v.object({
      command: refused('containerOverrides.command cannot be given: the command of the local job definition is fixed'),
      environment: v.optional(v.array(variable, 'environment must be a list of {name, value}'), []),
      resourceRequirements: v.optional(v.array(v.object({ type: v.string(), value: v.string() })), []),
    }),
  ),
});

export interface ValidationContext {
  readonly region: string;
  readonly allowedEnvironment: readonly string[];
  readonly find: (id: string) => Job | undefined;
}

/**
 * The submission that a request asks for.
 *
 * @throws AwsError `ClientException` with every problem in one message
 */
export function validateSubmission(body: unknown, context: ValidationContext): Submission {
  const parsed = v.safeParse(request, body);
  if (!parsed.success) throw refusal(parsed.issues.map((issue) => issue.message));
  const { output } = parsed;
  const environment = output.containerOverrides?.environment ?? [];
  const arraySize = output.arrayProperties?.size ?? null;
  const dependsOn: Dependency[] = output.dependsOn.map(({ jobId, type }) => ({
    jobId: jobId ?? null,
    type: type ?? null,
  }));
  const queue = queueMeant(output.jobQueue, context.region);
  const problems = [
    ...(queue ? [] : [`job queue ${output.jobQueue} does not exist; there are ${QUEUES.join(' and ')}`]),
    ...(means(output.jobDefinition, context.region, 'job-definition', DEFINITION)
      ? []
      : [`job definition ${output.jobDefinition} does not exist; the local one is ${DEFINITION}`]),
    ...environment
      .filter(({ name }) => !name.startsWith('GANWAY_') && !context.allowedEnvironment.includes(name))
      .map(({ name }) => `environment variable ${name} cannot be set: only names that begin with GANWAY_ can`),
    ...dependsOn.flatMap((each) => dependencyProblem(each, arraySize, context.find) ?? []),
  ];
  if (queue === null || problems.length > 0) throw refusal(problems);
  return {
    queue,
    jobName: output.jobName,
    environment,
    attempts: output.retryStrategy?.attempts ?? 1,
    evaluateOnExit: (output.retryStrategy?.evaluateOnExit ?? []).map(withoutUndefined),
    timeoutSeconds: output.timeout?.attemptDurationSeconds ?? null,
    dependsOn,
    arraySize,
    parameters: output.parameters,
    tags: output.tags,
    propagateTags: output.propagateTags ?? false,
    resourceRequirements: output.containerOverrides?.resourceRequirements ?? [],
  };
}

function dependencyProblem(
  { jobId, type }: Dependency,
  arraySize: number | null,
  find: ValidationContext['find'],
): string | null {
  if (type !== null && arraySize === null) return `a dependency of type ${type} is for array jobs only`;
  if (type === 'SEQUENTIAL') {
    return jobId === null ? null : 'a SEQUENTIAL dependency takes no jobId: it is among the children of one array';
  }
  if (jobId === null) return 'a dependency needs a jobId';
  const other = find(jobId);
  if (other === undefined) return `job ${jobId} to depend on does not exist`;
  if (type === 'N_TO_N' && !(other.place.kind === 'PARENT' && other.place.size === arraySize)) {
    return `an N_TO_N dependency needs an array job of the same size, which ${jobId} is not`;
  }
  return null;
}

function refusal(problems: readonly string[]) {
  return clientException(`Error executing request: ${[...new Set(problems)].join('; ')}.`);
}

type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(object: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as WithoutUndefined<T>;
}

/** What functions may be allowed to do, each as one statement over the things of one stage; knows no function. */
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Aws, type Stack } from 'aws-cdk-lib/core';
import { keys } from '../../graph/storage/keys.ts';
import { names } from './names.ts';
import type { Stage } from './stage.ts';

export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions: Record<string, unknown> = {},
): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(Object.keys(conditions).length > 0 && { conditions }),
  });
}

const bucketArn = (stage: Stage): string => `arn:${Aws.PARTITION}:s3:::${names.bucket(stage)}`;

/** Each includes what is before it. */
const ON_OBJECTS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'] as const;
const EXTENT = { read: 1, write: 2, remove: 3 } as const;

/** What is done to objects. Without the right to list, S3 calls what is missing forbidden. */
export function bucketRights(stage: Stage, extent: keyof typeof EXTENT): PolicyStatement[] {
  return [
    allow(ON_OBJECTS.slice(0, EXTENT[extent]), [`${bucketArn(stage)}/*`]),
    allow(['s3:ListBucket'], [bucketArn(stage)]),
  ];
}

/**
 * The most that a job can be given: to read what is shared, to read and write projects. The session policy of its run makes
 * that the part of it that the run is about.
 */
export function runRights(stage: Stage): PolicyStatement[] {
  const [projects, shared] = ['projects/*', `${keys.sharedDatasets}*`];
  return [
    allow(['s3:GetObject', 's3:PutObject'], [`${bucketArn(stage)}/${projects}`]),
    allow(['s3:GetObject'], [`${bucketArn(stage)}/${shared}`]),
    allow(['s3:ListBucket'], [bucketArn(stage)], { StringLike: { 's3:prefix': [projects, shared] } }),
  ];
}

/** Submits to the stage's queues by the stage's definitions, and looks after jobs. */
export function queueRights(stack: Stack, stage: Stage): PolicyStatement[] {
  const arn = (resource: string, resourceName: string): string =>
    stack.formatArn({ service: 'batch', resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  // Definitions with a revision and without: Batch asks for the one that was named.
  const ours = `${names.sizes(stage)}*`;
  return [
    allow(['batch:SubmitJob'], [arn('job-queue', ours), arn('job-definition', ours)]),
    // An id of a job is known once it is there; whose it is, only the function knows.
    allow(['batch:TerminateJob'], [arn('job', '*')]),
    // Neither can be limited to resources.
    allow(['batch:DescribeJobs', 'batch:ListJobs'], ['*']),
  ];
}

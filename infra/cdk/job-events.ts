/** Which news of AWS Batch is about a stage: that of its own queues; knows nobody who wants it. */
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { Stack } from 'aws-cdk-lib/core';
import { names } from './names.ts';
import type { Stage } from './stage.ts';
import { sizesOf } from './training.ts';

/** Changes of jobs in the queues of a stage. @param statuses default: all */
export function jobEvents(stack: Stack, stage: Stage, statuses?: readonly string[]): EventPattern {
  const queues = [
    names.taskQueue(stage),
    ...sizesOf(stage).flatMap((size) => [names.queue(stage, size), names.onDemandQueue(stage, size)]),
  ];
  const arn = (resourceName: string): string =>
    stack.formatArn({ service: 'batch', resource: 'job-queue', resourceName });
  return {
    source: ['aws.batch'],
    detailType: ['Batch Job State Change'],
    detail: { jobQueue: queues.map(arn), ...(statuses && { status: [...statuses] }) },
  };
}

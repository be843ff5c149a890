/** The fixed names of the local queue and how AWS writes them as ARNs; knows no job. */

/** Trainings wait in the first; small tasks in the second, where no training holds them up. */
export const QUEUES = ['ganway', 'ganway-tasks'] as const;
export type QueueName = (typeof QUEUES)[number];

export const DEFINITION = 'ganway-trainer';
export const COMPUTE_ENVIRONMENT = 'ganway-local';

/** The account number that stands in for one. */
export const ACCOUNT = '000000000000';

export type ResourceKind = 'job' | 'job-queue' | 'job-definition' | 'compute-environment';

export function arn(region: string, kind: ResourceKind, name: string): string {
  return `arn:aws:batch:${region}:${ACCOUNT}:${kind}/${name}`;
}

/** The queue that a client means by its name or ARN, or null. */
export function queueMeant(text: string, region: string): QueueName | null {
  return QUEUES.find((name) => means(text, region, 'job-queue', name)) ?? null;
}

/** Whether a client means the resource: by its name or ARN, a job definition also with revision 1. */
export function means(text: string, region: string, kind: ResourceKind, name: string): boolean {
  const names = kind === 'job-definition' ? [name, `${name}:1`] : [name];
  return names.some((each) => text === each || text === arn(region, kind, each));
}

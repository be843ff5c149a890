/** The fixed names of the local queue and how AWS writes them as ARNs; knows no job. */

export const QUEUE = 'ganway';
export const DEFINITION = 'ganway-trainer';
export const COMPUTE_ENVIRONMENT = 'ganway-local';

/** The account number that stands in for one. */
export const ACCOUNT = '000000000000';

export type ResourceKind = 'job' | 'job-queue' | 'job-definition' | 'compute-environment';

export function arn(region: string, kind: ResourceKind, name: string): string {
  return `arn:aws:batch:${region}:${ACCOUNT}:${kind}/${name}`;
}

/** Whether a client means the resource: by its name or ARN, a job definition also with revision 1. */
export function means(text: string, region: string, kind: ResourceKind, name: string): boolean {
  const names = kind === 'job-definition' ? [name, `${name}:1`] : [name];
  return names.some((each) => text === each || text === arn(region, kind, each));
}

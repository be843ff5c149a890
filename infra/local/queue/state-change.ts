/** The event that EventBridge sends when a job changes its state; knows no delivery. */
import { randomUUID } from 'node:crypto';
import type { JobDetail } from './describe.ts';
import { ACCOUNT } from './names.ts';

/** EventBridge's `Batch Job State Change`. Delivered at least once, in order per job; there is none for the submission. */
export interface BatchJobStateChange {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Batch Job State Change';
  readonly source: 'aws.batch';
  readonly account: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JobDetail;
}

export function stateChange(detail: JobDetail, region: string, at: number): BatchJobStateChange {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Batch Job State Change',
    source: 'aws.batch',
    account: ACCOUNT,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region,
    resources: [detail.jobArn],
    detail,
  };
}

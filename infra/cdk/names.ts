/** What things of a stage are called where others must know it before they exist; everything else names itself. */
import { Aws } from 'aws-cdk-lib/core';
import type { Size } from '../../graph/money/sizes.ts';
import type { Stage } from './stage.ts';

type Named = Pick<Stage, 'name'>;

const base = ({ name }: Named): string => `ganway-${name}`;

export const names = {
  stack: (stage: Named, part: string): string => `${base(stage)}-${part}`,
  function: (stage: Named, name: string): string => `${base(stage)}-${name}`,
  /** Account and region make it the only one in the world. */
  bucket: (stage: Named): string => `${base(stage)}-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
  /** Before the id of a size: its job definition, and the queue of the trainings on it. */
  sizes: (stage: Named): string => `${base(stage)}-`,
  jobDefinition: (stage: Named, { id }: Pick<Size, 'id'>): string => `${names.sizes(stage)}${id}`,
  queue: (stage: Named, { id }: Pick<Size, 'id'>): string => `${names.sizes(stage)}${id}`,
  /** Before the id of a size: the queue of the trainings on it that must not be interrupted. */
  onDemandSizes: (stage: Named): string => `${base(stage)}-on-demand-`,
  onDemandQueue: (stage: Named, { id }: Pick<Size, 'id'>): string => `${names.onDemandSizes(stage)}${id}`,
  taskQueue: (stage: Named): string => `${base(stage)}-tasks`,
  /** Roles have no region: without it a stage in another one would want the same. */
  runRole: (stage: Named): string => `${base(stage)}-run-${Aws.REGION}`,
  jobLogs: (stage: Named): string => `/ganway/${stage.name}/jobs`,
  functionLogs: (stage: Named, name: string): string => `/aws/lambda/${names.function(stage, name)}`,
} as const;

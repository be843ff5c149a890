/** All stacks of a stage in one place, in the order in which they need each other; reads no file and no environment. */
import { type App, type Environment, Tags } from 'aws-cdk-lib/core';
import type { FunctionBundle } from '../bundle/functions.ts';
import { ApiStack } from './api.ts';
import { names } from './names.ts';
import { ObservabilityStack } from './observability.ts';
import { SiteStack } from './site.ts';
import type { Stage } from './stage.ts';
import { StorageStack } from './storage.ts';
import { TrainingStack } from './training.ts';

export interface Stacks {
  readonly storage: StorageStack;
  readonly training: TrainingStack;
  readonly api: ApiStack;
  readonly observability: ObservabilityStack;
  readonly site: SiteStack;
}

/** Adds the stacks of a stage to an app. */
export function addStage(app: App, stage: Stage, bundles: Readonly<Record<string, FunctionBundle>>): Stacks {
  const env: Environment = {
    ...(stage.account !== undefined && { account: stage.account }),
    ...(stage.region !== undefined && { region: stage.region }),
  };
  const props = (part: string, description: string) => ({
    stage,
    env,
    stackName: names.stack(stage, part),
    description: `Ganway ${stage.name}: ${description}`,
  });
  const id = (part: string): string => names.stack(stage, part);
  const training = new TrainingStack(app, id('training'), props('training', 'machines, queues, jobs'));
  const api = new ApiStack(app, id('api'), { ...props('api', 'functions and what calls them'), bundles });
  const { functionArn: deliverArn } = api.functions.deliver;
  const storage = new StorageStack(app, id('storage'), { ...props('storage', 'the bucket'), deliverArn });
  const observability = new ObservabilityStack(app, id('observability'), props('observability', 'alarms'));
  const site = new SiteStack(app, id('site'), {
    ...props('site', 'its address'),
    http: api.http,
    sockets: api.sockets,
  });
  // What is known by its name alone has to be there all the same.
  api.addStackDependency(training);
  observability.addStackDependency(api);
  const stacks = { storage, training, api, observability, site };
  for (const stack of Object.values(stacks)) Tags.of(stack).add('ganway:stage', stage.name);
  return stacks;
}

/** Where trainings and tasks run: machines from none to the limit and back, their queues, and what a job is; knows no API. */
import {
  Action,
  type CfnComputeEnvironment,
  EcsEc2ContainerDefinition,
  EcsJobDefinition,
  EcsMachineImageType,
  JobQueue,
  JobStateTimeLimitActionsReason,
  ManagedEc2EcsComputeEnvironment,
  Reason,
  RetryStrategy,
} from 'aws-cdk-lib/aws-batch';
import { InstanceType, type LaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, LogDriver } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Size as Amount, Duration, Fn, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { RESERVED_MB, SIZES, type Size } from '../../graph/money/sizes.ts';
import { RETRY_RULES } from '../clients/retry-rules.ts';
import { trainerImage } from './image.ts';
import { machineRole, machineTemplate } from './machines.ts';
import { names } from './names.ts';
import { createNetwork, type MachineNetwork, ZONES } from './network.ts';
import type { Stage } from './stage.ts';

/** Of each container, where neither the run nor its budget says less: Batch itself has no limit. */
const LONGEST_ATTEMPT = Duration.days(14);

/** How long the first job of a queue waits for what cannot come: a mistake is not cured by waiting, a shortage may be. */
const PATIENCE: readonly (readonly [reason: JobStateTimeLimitActionsReason, maxTime: Duration])[] = [
  [JobStateTimeLimitActionsReason.INSUFFICIENT_INSTANCE_CAPACITY, Duration.hours(24)],
  [JobStateTimeLimitActionsReason.COMPUTE_ENVIRONMENT_MAX_RESOURCE, Duration.minutes(10)],
  [JobStateTimeLimitActionsReason.JOB_RESOURCE_REQUIREMENT, Duration.minutes(10)],
];

export interface TrainingProps extends StackProps {
  readonly stage: Stage;
}

/** The sizes of a stage, in its order. */
export function sizesOf({ sizes }: Pick<Stage, 'sizes'>): Size[] {
  return sizes.flatMap((id) => SIZES.filter((size) => size.id === id));
}

/** The size that tasks run on; rented for them whether trainings may have it or not. */
export const TASK_SIZE = 'm7i-large';

/**
 * A size has machines, queues and a job definition of its own: of all machines on which a job fits Batch takes any, so that
 * only a queue with one kind of machine keeps the promise of memory and price that a size is. Of a region's 50 compute
 * environments and 50 queues a stage takes two each a size, and one.
 */
export class TrainingStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: TrainingProps) {
    super(scope, id, props);
    const network = createNetwork(this, stage.network);
    const template = machineTemplate(this, 'Machine', stage);
    const instanceRole = machineRole(this, 'MachineRole');
    const rent = (name: string, size: Size, spot: boolean) =>
      computeEnvironment(this, name, { size, spot, maxvCpus: stage.maxVcpus, network, template, instanceRole });
    for (const size of sizesOf(stage)) {
      const onDemand = rent(`OnDemand-${size.id}`, size, false);
      queue(this, `Queue-${size.id}`, names.queue(stage, size), [rent(`Spot-${size.id}`, size, true), onDemand]);
      queue(this, `OnDemandQueue-${size.id}`, names.onDemandQueue(stage, size), [onDemand]);
    }
    // Nobody's training makes a small task wait.
    for (const size of sizesOf({ sizes: [TASK_SIZE] })) {
      queue(this, 'TaskQueue', names.taskQueue(stage), [rent('Tasks', size, false)]);
    }
    const define = jobDefinitions(this, stage);
    for (const size of sizesOf({ sizes: [...new Set([...stage.sizes, TASK_SIZE])] })) define(size);
  }

  /** The first zones of whichever region: where account and region are named, the library would ask AWS for them. */
  override get availabilityZones(): string[] {
    return ZONES.map((zone) => Fn.select(zone, Fn.getAzs()));
  }
}

interface Rent {
  readonly size: Size;
  readonly spot: boolean;
  readonly maxvCpus: number;
  readonly network: MachineNetwork;
  readonly template: LaunchTemplate;
  readonly instanceRole: Role;
}

function computeEnvironment(
  scope: Construct,
  id: string,
  { size, spot, maxvCpus, network, template, instanceRole }: Rent,
): ManagedEc2EcsComputeEnvironment {
  const environment = new ManagedEc2EcsComputeEnvironment(scope, id, {
    vpc: network.vpc,
    vpcSubnets: { subnetType: network.subnets },
    securityGroups: [network.securityGroup],
    spot,
    minvCpus: 0,
    maxvCpus,
    instanceTypes: [new InstanceType(size.instanceType)],
    // Otherwise whole families of machines without a GPU are added.
    useOptimalInstanceClasses: false,
    images: [{ imageType: size.gpus > 0 ? EcsMachineImageType.ECS_AL2023_NVIDIA : EcsMachineImageType.ECS_AL2023 }],
    launchTemplate: template,
    instanceRole,
  });
  // The library names no version, and a template's default one stays the first for ever.
  (environment.node.defaultChild as CfnComputeEnvironment).addPropertyOverride(
    'ComputeResources.LaunchTemplate.Version',
    template.latestVersionNumber,
  );
  return environment;
}

function queue(
  scope: Construct,
  id: string,
  jobQueueName: string,
  environments: readonly ManagedEc2EcsComputeEnvironment[],
): JobQueue {
  return new JobQueue(scope, id, {
    jobQueueName,
    computeEnvironments: environments.map((computeEnvironment, i) => ({ computeEnvironment, order: i + 1 })),
    jobStateTimeLimitActions: PATIENCE.map(([reason, maxTime]) => ({ reason, maxTime })),
  });
}

/** Makes the definition of a size. All share a log and a role that may do nothing: what a job may, its token gets it. */
function jobDefinitions(scope: Construct, stage: Stage): (size: Size) => EcsJobDefinition {
  const images = {
    gpu: ContainerImage.fromDockerImageAsset(trainerImage(scope, 'gpu')),
    cpu: ContainerImage.fromDockerImageAsset(trainerImage(scope, 'cpu')),
  };
  const logGroup = new LogGroup(scope, 'JobLogs', {
    logGroupName: names.jobLogs(stage),
    retention: stage.logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const jobRole = new Role(scope, 'JobRole', {
    description: 'Of the containers of jobs, which ask the API for their credentials: may do nothing.',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  const environment = { GANWAY_S3_BUCKET: names.bucket(stage), GANWAY_S3_REGION: Stack.of(scope).region };
  return (size) =>
    new EcsJobDefinition(scope, `Job-${size.id}`, {
      jobDefinitionName: names.jobDefinition(stage, size),
      container: new EcsEc2ContainerDefinition(scope, `Container-${size.id}`, {
        image: size.gpus > 0 ? images.gpu : images.cpu,
        cpu: size.vcpus,
        memory: Amount.mebibytes(size.memoryMb - RESERVED_MB),
        ...(size.gpus > 0 && { gpu: size.gpus }),
        jobRole,
        environment,
        // The image has a volume for all that is written.
        readonlyRootFilesystem: true,
        logging: LogDriver.awsLogs({ logGroup, streamPrefix: size.id }),
      }),
      retryStrategies: RETRY_RULES.map(({ action, ...on }) =>
        RetryStrategy.of(action === 'RETRY' ? Action.RETRY : Action.EXIT, Reason.custom(on)),
      ),
      // Batch's maximum: a spot loss uses one up.
      retryAttempts: 10,
      timeout: LONGEST_ATTEMPT,
      propagateTags: true,
      // A job in the queue holds the revision it was submitted with.
      skipDeregisterOnUpdate: true,
    });
}

/** The resources of a stage as a reviewer reads them: one line each, what it is for, its type, and what matters about it. */
import { allowedBy, textOf } from './statements.ts';
import type { RawResource, RawTemplate, Synthesized } from './synthesize.ts';

type Properties = NonNullable<RawResource['Properties']>;

/** What matters of a type; types that are not here are told by their name alone. */
const MATTERS: Readonly<Record<string, (properties: Properties) => readonly unknown[]>> = {
  'AWS::ApiGatewayV2::Api': ({ ProtocolType }) => [ProtocolType],
  'AWS::ApiGatewayV2::Authorizer': ({ AuthorizerType }) => [AuthorizerType],
  'AWS::ApiGatewayV2::Route': ({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType],
  'AWS::ApiGatewayV2::Stage': ({ StageName }) => [StageName],
  'AWS::Batch::ComputeEnvironment': ({ ComputeResources: { Type, MinvCpus, MaxvCpus, InstanceTypes } }) => [
    Type,
    `${MinvCpus} to ${MaxvCpus} vCPUs`,
    InstanceTypes,
  ],
  'AWS::Batch::JobDefinition': ({ JobDefinitionName, ContainerProperties: { ResourceRequirements } }) => [
    JobDefinitionName,
    ResourceRequirements.map(({ Type, Value }: Record<string, string>) => `${Type} ${Value}`),
  ],
  'AWS::Batch::JobQueue': ({ JobQueueName, ComputeEnvironmentOrder }) => [
    JobQueueName,
    ComputeEnvironmentOrder.map(({ ComputeEnvironment }: Record<string, unknown>) =>
      withoutHash(textOf(ComputeEnvironment)),
    ),
  ],
  'AWS::Budgets::Budget': ({ Budget: { BudgetLimit, TimeUnit } }) => [`${BudgetLimit.Amount} $`, TimeUnit],
  'AWS::CloudWatch::Alarm': ({ MetricName, Statistic, Threshold, Period }) => [
    `${Statistic} of ${MetricName} from ${Threshold} in ${Period} s`,
  ],
  'AWS::EC2::LaunchTemplate': ({ LaunchTemplateData: { BlockDeviceMappings } }) => [
    BlockDeviceMappings.map(({ Ebs }: { Ebs: Properties }) => `${Ebs.VolumeSize} GiB ${Ebs.VolumeType}`),
  ],
  'AWS::EC2::VPCEndpoint': ({ VpcEndpointType }) => [VpcEndpointType],
  'AWS::Events::Rule': ({ ScheduleExpression, EventPattern }) => [ScheduleExpression ?? EventPattern['detail-type']],
  'AWS::Lambda::Function': ({ Runtime, Architectures, MemorySize, Timeout }) => [
    Runtime,
    Architectures,
    `${MemorySize} MB`,
    `${Timeout} s`,
  ],
  'AWS::Lambda::Permission': ({ Principal }) => [`for ${textOf(Principal)}`],
  'AWS::Logs::LogGroup': ({ LogGroupName, RetentionInDays }) => [LogGroupName, `${RetentionInDays} days`],
  'AWS::S3::Bucket': ({ LifecycleConfiguration: { Rules } }) => [Rules.map(({ Id }: Record<string, string>) => Id)],
  'AWS::SNS::Subscription': ({ Endpoint }) => [Endpoint],
  'AWS::SQS::Queue': ({ MessageRetentionPeriod }) => [`${MessageRetentionPeriod / 86_400} days`],
};

/** One line a resource, by stack and purpose; what IAM lets a role do is part of its line. */
export function review({ templates }: Synthesized): string {
  return Object.entries(templates)
    .map(([stack, template]) => `${stack}\n${linesOf(template.toJSON() as RawTemplate).join('\n')}\n`)
    .join('\n');
}

function linesOf(template: RawTemplate): string[] {
  const allowed = allowedBy(template);
  return Object.entries(template.Resources)
    .map(([id, { Type, Properties = {}, DeletionPolicy }]) => {
      const said = (MATTERS[Type]?.(Properties) ?? []).filter((value) => value !== undefined).map(flat);
      const may = allowed.filter(({ by }) => by === id).flatMap(({ actions }) => actions);
      const matters = [
        ...said,
        ...(DeletionPolicy === 'Retain' ? ['stays'] : []),
        ...(may.length > 0 ? [`may ${[...new Set(may)].sort().join(' ')}`] : []),
      ];
      return `  ${[withoutHash(id), Type, ...matters].join(' | ')}`;
    })
    .sort();
}

const flat = (value: unknown): string => (Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value));

/** The end of a logical id says nothing to a person. */
const withoutHash = (text: string): string => text.replace(/[0-9A-F]{8}(?=$|[.>])/g, '');

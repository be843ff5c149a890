/** What the templates must say so that the traps of these services are not walked into; each has been somebody's outage. */
import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { RESERVED_MB, SIZES } from '../../graph/money/sizes.ts';
import { keys } from '../../graph/storage/keys.ts';
import { functionNames } from '../bundle/functions.ts';
import { RETRY_RULES } from '../clients/retry-rules.ts';
import { FUNCTIONS } from './functions.ts';
import { routeCode } from './site.ts';
import { HINTS } from './storage.ts';
import { rawOf, type StackName, type Synthesized, synthesize } from './testing/synthesize.ts';

let stages: readonly Synthesized[];
beforeAll(async () => {
  ({ stages } = await synthesize());
}, 300_000);

/** Template of the stage with every size. */
const of = (stack: StackName) => {
  const found = stages.find(({ stage }) => stage.name === 'prod');
  if (!found) throw new Error('There is no stage prod.');
  return found.templates[stack];
};
const all = (stack: StackName, type: string) =>
  Object.values(rawOf(of(stack)).Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties ?? {});
const sizes = () => SIZES.map(({ id }) => id).sort();

describe('the bucket', () => {
  it('outlives its stage, is closed, encrypted, and takes no request without TLS', () => {
    of('storage').hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    of('storage').hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    of('storage').hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('expires what is marked for it and the parts of uploads that never ended, and lets pages use links', () => {
    of('storage').hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ TagFilters: [{ Key: 'ganway', Value: 'expires' }], ExpirationInDays: 1 }),
          Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
        ]),
      },
      CorsConfiguration: {
        CorsRules: [Match.objectLike({ AllowedMethods: ['GET', 'HEAD', 'PUT'], AllowedOrigins: ['*'] })],
      },
    });
    // Links to uploads are signed with it: a browser must be allowed to send it.
    const [bucket] = all('storage', 'AWS::S3::Bucket');
    expect(bucket?.CorsConfiguration.CorsRules[0].AllowedHeaders).toContain('x-amz-checksum-sha256');
  });

  it('tells deliver, and may, of every segment of a journal', () => {
    const segment = keys.segment('main-000000000000000000', 7);
    expect(segment.startsWith(HINTS.prefix) && segment.endsWith(HINTS.suffix)).toBe(true);
    of('storage').hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        LambdaConfigurations: [
          {
            Event: 's3:ObjectCreated:Put',
            Filter: {
              S3Key: {
                Rules: [
                  { Name: 'prefix', Value: HINTS.prefix },
                  { Name: 'suffix', Value: HINTS.suffix },
                ],
              },
            },
            Function: Match.anyValue(),
          },
        ],
      },
    });
    of('api').hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 's3.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    });
  });
});

describe('the WebSocket API', () => {
  it('has an integration of its own for each route, and leave for each to call the function', () => {
    const routes = all('api', 'AWS::ApiGatewayV2::Route').filter(({ RouteKey }) => /^\$/.test(RouteKey));
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(['$connect', '$default', '$disconnect']);
    expect(new Set(routes.map(({ Target }) => JSON.stringify(Target))).size).toBe(3);
    const allowed = all('api', 'AWS::Lambda::Permission').map(({ SourceArn }) => JSON.stringify(SourceArn ?? ''));
    for (const route of ['connect', 'default', 'disconnect']) {
      expect(allowed.filter((arn) => arn.includes(`*$${route}"`))).toHaveLength(1);
    }
  });

  it('asks who comes at $connect and nowhere else, whatever they bring as proof', () => {
    const routes = all('api', 'AWS::ApiGatewayV2::Route').filter(({ RouteKey }) => /^\$/.test(RouteKey));
    const asked = routes.filter(({ AuthorizationType }) => AuthorizationType === 'CUSTOM');
    expect(asked.map(({ RouteKey }) => RouteKey)).toEqual(['$connect']);
    const [authorizer, ...more] = all('api', 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer).toMatchObject({ AuthorizerType: 'REQUEST' });
    expect(authorizer).not.toHaveProperty('IdentitySource');
    expect(more).toEqual([]);
  });

  it('is answered at its own address, not at the one that clients use', () => {
    for (const name of ['socket', 'deliver', 'catch-up']) {
      const [lambda] = all('api', 'AWS::Lambda::Function').filter(({ FunctionName }) => FunctionName.endsWith(name));
      const endpoint = JSON.stringify(lambda?.Environment.Variables.GANWAY_SOCKETS_ENDPOINT);
      expect(endpoint).toMatch(/https:\/\/.*\.execute-api\..*\/live/);
    }
  });
});

describe('the functions', () => {
  const lambdas = () => all('api', 'AWS::Lambda::Function');

  it('are all there are, on processors and a Node of today, each with a log that ends', () => {
    expect([...FUNCTIONS].sort()).toEqual(functionNames());
    expect(lambdas().map(({ FunctionName }) => FunctionName)).toHaveLength(FUNCTIONS.length);
    for (const lambda of lambdas()) {
      expect(lambda).toMatchObject({ Runtime: 'nodejs22.x', Architectures: ['arm64'], Handler: 'index.handler' });
      expect(lambda.LoggingConfig.LogGroup).toBeDefined();
    }
    for (const log of [...all('api', 'AWS::Logs::LogGroup'), ...all('training', 'AWS::Logs::LogGroup')]) {
      expect(log.RetentionInDays).toBe(90);
    }
  });

  it('let nobody in without proof', () => {
    for (const { Environment } of lambdas()) {
      expect(Environment.Variables).not.toHaveProperty('GANWAY_AUTOMATIC_USER');
      expect(Environment.Variables.GANWAY_S3_BUCKET).toBeDefined();
    }
  });

  it('keep what was given up of every asynchronous call', () => {
    const [queue] = all('api', 'AWS::SQS::Queue');
    expect(queue).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
    const failures = all('api', 'AWS::Lambda::EventInvokeConfig').filter(({ DestinationConfig }) => DestinationConfig);
    expect(failures).toHaveLength(2);
    const targets = all('api', 'AWS::Events::Rule').flatMap(({ Targets }) => Targets);
    expect(targets).toHaveLength(3);
    expect(targets.filter(({ DeadLetterConfig }) => !DeadLetterConfig)).toEqual([]);
  });

  it('hear of the jobs of their own queues alone', () => {
    const [rule] = all('api', 'AWS::Events::Rule').filter(({ EventPattern }) => EventPattern);
    expect(rule?.EventPattern).toMatchObject({ source: ['aws.batch'], 'detail-type': ['Batch Job State Change'] });
    const heard = JSON.stringify(rule?.EventPattern.detail.jobQueue);
    const queues = all('training', 'AWS::Batch::JobQueue').map(({ JobQueueName }) => JobQueueName);
    expect(rule?.EventPattern.detail.jobQueue).toHaveLength(queues.length);
    for (const queue of queues) expect(heard).toContain(`job-queue/${queue}"`);
  });

  it('submit to queues and by definitions that there are', () => {
    const [http] = lambdas().filter(({ FunctionName }) => FunctionName === 'ganway-prod-http');
    const { GANWAY_JOB_DEFINITION_PREFIX: definition, ...told } = http?.Environment.Variables ?? {};
    const queues = all('training', 'AWS::Batch::JobQueue').map(({ JobQueueName }) => JobQueueName);
    const definitions = all('training', 'AWS::Batch::JobDefinition').map((job) => job.JobDefinitionName);
    expect(told.GANWAY_SIZES.split(' ').sort()).toEqual(sizes());
    expect(definitions.sort()).toEqual(sizes().map((id) => `${definition}${id}`));
    expect(queues.sort()).toEqual(
      [
        told.GANWAY_TASK_QUEUE,
        ...sizes().map((id) => `${told.GANWAY_JOB_QUEUE_PREFIX}${id}`),
        ...sizes().map((id) => `${told.GANWAY_ON_DEMAND_QUEUE_PREFIX}${id}`),
      ].sort(),
    );
    expect(definitions).toContain(told.GANWAY_JOB_DEFINITION);
    expect(queues).toEqual(expect.arrayContaining([told.GANWAY_JOB_QUEUE, told.GANWAY_ON_DEMAND_QUEUE]));
    expect(JSON.stringify(told.GANWAY_JOB_ENVIRONMENT)).toContain('/credentials');
  });
});

describe('the machines', () => {
  const environments = () =>
    all('training', 'AWS::Batch::ComputeEnvironment').map(({ ComputeResources }) => ComputeResources);

  it('are none while there is no work, and of one kind for each queue', () => {
    expect(environments()).toHaveLength(2 * SIZES.length + 1);
    for (const { MinvCpus, InstanceTypes, MaxvCpus } of environments()) {
      expect({ MinvCpus, kinds: InstanceTypes.length }).toEqual({ MinvCpus: 0, kinds: 1 });
      expect(MaxvCpus).toBe(64);
      expect(InstanceTypes).not.toContain('optimal');
    }
  });

  it('have drivers where they have a GPU', () => {
    for (const { InstanceTypes, Ec2Configuration } of environments()) {
      const gpu = /^g/.test(InstanceTypes[0]);
      expect(Ec2Configuration).toEqual([{ ImageType: gpu ? 'ECS_AL2023_NVIDIA' : 'ECS_AL2023' }]);
    }
  });

  it('are spot first, and on demand behind it', () => {
    const { Resources } = rawOf(of('training'));
    const kindOf = ({ ComputeEnvironment }: { ComputeEnvironment: { 'Fn::GetAtt': [string] } }) =>
      Resources[ComputeEnvironment['Fn::GetAtt'][0]]?.Properties?.ComputeResources.Type;
    const kinds = (name: string) => {
      const [queue] = all('training', 'AWS::Batch::JobQueue').filter(({ JobQueueName }) => JobQueueName === name);
      expect(queue?.ComputeEnvironmentOrder.map(({ Order }: { Order: number }) => Order)).toEqual(
        queue?.ComputeEnvironmentOrder.map((_: unknown, i: number) => i + 1),
      );
      return queue?.ComputeEnvironmentOrder.map(kindOf);
    };
    for (const id of sizes()) {
      expect(kinds(`ganway-prod-${id}`)).toEqual(['SPOT', 'EC2']);
      expect(kinds(`ganway-prod-on-demand-${id}`)).toEqual(['EC2']);
    }
    expect(kinds('ganway-prod-tasks')).toEqual(['EC2']);
  });

  it('begin as the newest version of their template says: drained before spot goes, with time for a checkpoint', () => {
    for (const { LaunchTemplate } of environments()) {
      expect(LaunchTemplate.Version['Fn::GetAtt'][1]).toBe('LatestVersionNumber');
    }
    const [template] = all('training', 'AWS::EC2::LaunchTemplate');
    const script = JSON.stringify(template?.LaunchTemplateData.UserData);
    expect(script).toContain('multipart/mixed');
    expect(script).toContain('ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config');
    expect(script).toContain('ECS_CONTAINER_STOP_TIMEOUT=100s >> /etc/ecs/ecs.config');
    expect(script).toContain('--destination 169.254.169.254 --match owner ! --uid-owner 0');
    expect(template?.LaunchTemplateData.MetadataOptions).toMatchObject({ HttpTokens: 'required' });
  });

  it('are let out and nobody in, with S3 beside the road and no NAT', () => {
    expect(all('training', 'AWS::EC2::NatGateway')).toEqual([]);
    expect(all('training', 'AWS::EC2::VPCEndpoint')).toMatchObject([{ VpcEndpointType: 'Gateway' }]);
    expect(
      all('training', 'AWS::EC2::SecurityGroup').filter(({ SecurityGroupIngress }) => SecurityGroupIngress),
    ).toEqual([]);
    expect(all('training', 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
  });

  it('cancel what can never start, soon, and what cannot now, in a day', () => {
    for (const { JobStateTimeLimitActions } of all('training', 'AWS::Batch::JobQueue')) {
      const times = JobStateTimeLimitActions.map((action: Record<string, unknown>) => [
        action.Reason,
        action.MaxTimeSeconds,
      ]);
      expect(Object.fromEntries(times)).toEqual({
        'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY': 24 * 3600,
        'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE': 600,
        'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT': 600,
      });
      expect(JobStateTimeLimitActions).toEqual(
        JobStateTimeLimitActions.map(() => expect.objectContaining({ State: 'RUNNABLE', Action: 'CANCEL' })),
      );
    }
  });
});

describe('a job', () => {
  const jobs = () => all('training', 'AWS::Batch::JobDefinition');

  it('is what a machine of its size has', () => {
    for (const size of SIZES) {
      const [job] = jobs().filter(({ JobDefinitionName }) => JobDefinitionName === `ganway-prod-${size.id}`);
      const { ResourceRequirements: asked } = job?.ContainerProperties ?? {};
      const amounts = asked.map(({ Type, Value }: Record<string, string>) => [Type, Number(Value)]);
      expect(Object.fromEntries(amounts)).toEqual({
        VCPU: size.vcpus,
        MEMORY: size.memoryMb - RESERVED_MB,
        ...(size.gpus > 0 && { GPU: size.gpus }),
      });
    }
  });

  it('is started again by the five rules, the last of which ends what no other names', () => {
    for (const { RetryStrategy } of jobs()) {
      expect(RetryStrategy.Attempts).toBe(10);
      const rules = RetryStrategy.EvaluateOnExit.map((rule: Record<string, string>) => {
        const entries = Object.entries(rule).map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), value]);
        return Object.fromEntries(entries);
      });
      expect(rules).toEqual(RETRY_RULES);
    }
    expect(RETRY_RULES).toHaveLength(5);
    expect(RETRY_RULES.at(-1)).toEqual({ onReason: '*', action: 'EXIT' });
  });

  it('ends some day, keeps its revision, and is no superuser', () => {
    for (const job of jobs()) {
      expect(job.Timeout.AttemptDurationSeconds).toBe(14 * 24 * 3600);
      expect(job.ResourceRetentionPolicy).toEqual({ SkipDeregisterOnUpdate: true });
      expect(job.ContainerProperties.Privileged ?? false).toBe(false);
    }
  });
});

describe('a person', () => {
  it('is told of dead jobs, failing functions, lost events and spending', () => {
    const alarms = all('observability', 'AWS::CloudWatch::Alarm');
    const watched = alarms.map(({ Namespace, MetricName, Dimensions }) => [Namespace, MetricName, Dimensions[0].Value]);
    expect(watched).toEqual(
      expect.arrayContaining([
        ...FUNCTIONS.map((name) => ['AWS/Lambda', 'Errors', `ganway-prod-${name}`]),
        ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'ganway-prod-dead-letters'],
        ['AWS/Events', 'TriggeredRules', 'ganway-prod-dead-jobs'],
      ]),
    );
    // As many as an account has for nothing.
    expect(alarms).toHaveLength(10);
    expect(alarms.filter(({ AlarmActions }) => AlarmActions?.length !== 1)).toEqual([]);
    const [policy] = all('observability', 'AWS::SNS::TopicPolicy');
    for (const service of ['cloudwatch', 'events', 'budgets']) {
      expect(JSON.stringify(policy)).toContain(`{"Service":"${service}.amazonaws.com"}`);
    }
    of('observability').hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 1000, Unit: 'USD' }, TimeUnit: 'MONTHLY', BudgetType: 'COST' },
    });
  });
});

describe('the address', () => {
  /** Runs the code of the edge as it runs there, but for its one import. */
  function route(uri: string, headers: Record<string, unknown>): { uri: string; origin: string } {
    let origin = 'http';
    const selectRequestOriginById = (id: string): void => {
      origin = id;
    };
    const handler = new Function('cf', `${routeCode().replace(/^import .*$/m, '')}; return handler;`)({
      selectRequestOriginById,
    });
    return { uri: handler({ request: { uri, headers } }).uri, origin };
  }

  it('leads requests to the one API and sockets to the other, which knows no path', () => {
    const handshake = { 'sec-websocket-key': { value: 'dGhlIHNhbXBsZSBub25jZQ==' } };
    expect(route('/graphql', {})).toEqual({ uri: '/graphql', origin: 'http' });
    expect(route('/graphql', handshake)).toEqual({ uri: '/live', origin: 'sockets' });
    expect(route('/elsewhere', handshake)).toEqual({ uri: '/elsewhere', origin: 'http' });
    expect(routeCode()).not.toMatch(/headers\W{1,2}upgrade/);
  });

  it('knows both APIs, caches nothing and calls each by its own name', () => {
    const [site] = all('site', 'AWS::CloudFront::Distribution');
    const { Origins, DefaultCacheBehavior, CacheBehaviors } = site?.DistributionConfig ?? {};
    expect(Origins.map(({ Id }: { Id: string }) => Id).sort()).toEqual(['http', 'sockets']);
    for (const behaviour of [DefaultCacheBehavior, ...CacheBehaviors]) {
      // The managed policies CachingDisabled and AllViewerExceptHostHeader.
      expect(behaviour.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
      expect(behaviour.OriginRequestPolicyId).toBe('b689b0a8-53d0-40ab-baf2-68738e2966ac');
    }
  });
});

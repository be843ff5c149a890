/** One Lambda function of a stage: its bundle, its log, its role and what that may do; knows none of them by name. */
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as Lambda, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FunctionBundle } from '../bundle/functions.ts';
import { names } from './names.ts';
import { allow } from './rights.ts';
import type { Stage } from './stage.ts';

export interface LambdaOptions {
  readonly stage: Stage;
  readonly bundle: FunctionBundle;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly rights: readonly PolicyStatement[];
}

/** Makes the function. Its role may do what `rights` say and write its own log; no policy of somebody else is attached. */
export function createLambda(
  scope: Construct,
  id: string,
  { stage, bundle, memoryMb, timeoutSeconds, environment, rights }: LambdaOptions,
): Lambda {
  const logGroup = new LogGroup(scope, `${id}Log`, {
    logGroupName: names.functionLogs(stage, bundle.name),
    retention: stage.logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const log = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { rights: new PolicyDocument({ statements: [log, ...rights] }) },
  });
  return new Lambda(scope, id, {
    functionName: names.function(stage, bundle.name),
    runtime: Runtime.NODEJS_22_X,
    // A fifth cheaper than x86 for the same memory.
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(bundle.folder),
    handler: 'index.handler',
    memorySize: memoryMb,
    timeout: Duration.seconds(timeoutSeconds),
    environment: { ...environment },
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
  });
}

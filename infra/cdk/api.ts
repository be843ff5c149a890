/** The API of a stage: HTTP and WebSocket routes, what else calls the functions, and where their failures are kept. */
import {
  CfnAuthorizer,
  CfnStage,
  HttpApi,
  HttpMethod,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, type LambdaFunctionProps } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Aws, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { FunctionBundle } from '../bundle/functions.ts';
import { createFunctions, type FunctionName } from './functions.ts';
import { jobEvents } from './job-events.ts';
import { names } from './names.ts';
import type { Stage } from './stage.ts';

/** Of the WebSocket API; the end of its URL. */
export const SOCKET_STAGE = 'live';

/** Requests a second that the HTTP API takes, and at once: above what a team needs, below what would hurt. */
const THROTTLE = { throttlingRateLimit: 200, throttlingBurstLimit: 400 };
/** The same for messages of all sockets. A subscriber sends few: what is delivered does not count. */
const SOCKET_THROTTLE = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };

/** Schedules go no finer. */
const EVERY_MINUTE = Schedule.rate(Duration.minutes(1));

export interface ApiProps extends StackProps {
  readonly stage: Stage;
  readonly bundles: Readonly<Record<string, FunctionBundle>>;
}

export class ApiStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, Lambda>>;
  readonly deadLetters: Queue;
  readonly http: HttpApi;
  readonly sockets: WebSocketApi;

  constructor(scope: Construct, id: string, { stage, bundles, ...props }: ApiProps) {
    super(scope, id, props);
    this.http = new HttpApi(this, 'Http', { apiName: names.stack(stage, 'http') });
    this.sockets = new WebSocketApi(this, 'Sockets', { apiName: names.stack(stage, 'sockets') });
    const socketStage = new WebSocketStage(this, 'Live', {
      webSocketApi: this.sockets,
      stageName: SOCKET_STAGE,
      autoDeploy: true,
    });
    this.functions = createFunctions(this, {
      stage,
      bundles,
      sockets: {
        // Of the API itself: the address that clients use may be another.
        url: socketStage.callbackUrl,
        arn: this.formatArn({
          service: 'execute-api',
          resource: this.sockets.apiId,
          resourceName: `${SOCKET_STAGE}/POST/@connections/*`,
        }),
      },
      credentialsUrl: `${this.http.apiEndpoint}/credentials`,
    });
    this.routeHttp();
    this.routeSockets();
    throttle(this.http.defaultStage, THROTTLE);
    throttle(socketStage, SOCKET_THROTTLE);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: names.stack(stage, 'dead-letters'),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.callByEvents(stage);
  }

  private routeHttp(): void {
    const { http, credentials } = this.functions;
    this.http.addRoutes({
      path: '/graphql',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('GraphqlRoute', http),
    });
    this.http.addRoutes({
      path: '/credentials',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('CredentialsRoute', credentials),
    });
  }

  private routeSockets(): void {
    const { socket, authorize } = this.functions;
    // The library lets the first route of an integration call the function, and no other.
    const integration = (route: string) => new WebSocketLambdaIntegration(`${route}Route`, socket);
    const authorizer = new WebSocketLambdaAuthorizer('Authorizer', authorize, { identitySource: [] });
    this.sockets.addRoute('$connect', { integration: integration('Connect'), authorizer });
    this.sockets.addRoute('$default', { integration: integration('Default') });
    this.sockets.addRoute('$disconnect', { integration: integration('Disconnect') });
    // Who may come in is proven by a header or by a ticket in the URL: whatever is named here would have to be there.
    for (const construct of this.node.findAll()) {
      if (construct instanceof CfnAuthorizer) construct.addPropertyDeletionOverride('IdentitySource');
    }
  }

  private callByEvents(stage: Stage): void {
    const { deliver, status, reconcile } = this.functions;
    const catchUp = this.functions['catch-up'];
    // A hint is old once the next sweep has been there.
    deliver.configureAsyncInvoke({ maxEventAge: Duration.minutes(2), retryAttempts: 1, onFailure: this.lost() });
    deliver.addPermission('Bucket', {
      principal: new ServicePrincipal('s3.amazonaws.com'),
      sourceArn: `arn:${Aws.PARTITION}:s3:::${names.bucket(stage)}`,
      // A bucket's ARN names no account: somebody else could have one of that name.
      sourceAccount: this.account,
    });
    // News of the queue is not repeated by anybody: it is tried for a day. Reconcile would find out all the same.
    status.configureAsyncInvoke({ maxEventAge: Duration.hours(6), retryAttempts: 2, onFailure: this.lost() });
    new Rule(this, 'JobState', {
      ruleName: names.stack(stage, 'job-state'),
      eventPattern: jobEvents(this, stage),
      targets: [this.target(status, { maxEventAge: Duration.hours(24), retryAttempts: 100 })],
    });
    for (const [name, swept] of Object.entries({ reconcile, 'catch-up': catchUp })) {
      // The next tick is the retry.
      swept.configureAsyncInvoke({ maxEventAge: Duration.minutes(1), retryAttempts: 0 });
      new Rule(this, `Every-${name}`, {
        ruleName: names.stack(stage, name),
        schedule: EVERY_MINUTE,
        targets: [this.target(swept, { maxEventAge: Duration.minutes(1), retryAttempts: 0 })],
      });
    }
  }

  private lost(): SqsDestination {
    return new SqsDestination(this.deadLetters);
  }

  private target(of: Lambda, retries: LambdaFunctionProps): LambdaFunction {
    return new LambdaFunction(of, { ...retries, deadLetterQueue: this.deadLetters });
  }
}

/** The library sets this for one kind of API only, and then by other names. */
function throttle(stage: Construct | undefined, defaultRouteSettings: CfnStage.RouteSettingsProperty): void {
  const resource = stage?.node.defaultChild;
  if (!(resource instanceof CfnStage)) throw new TypeError('An API has a stage.');
  resource.defaultRouteSettings = defaultRouteSettings;
}

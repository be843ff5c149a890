/** The functions of a stage: how big each is, what it is told and what it may do, with the reasons; knows no event source. */
import { type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import { RESERVED_MB } from '../../graph/money/sizes.ts';
import type { FunctionBundle } from '../bundle/functions.ts';
import { createLambda } from './lambda.ts';
import { names } from './names.ts';
import { allow, bucketRights, queueRights, runRights } from './rights.ts';
import type { Stage } from './stage.ts';
import { sizesOf } from './training.ts';

/** Memory at which a function has one whole core: what loads and runs for somebody who waits has no less. */
const WHOLE_CORE_MB = 1769;

export const FUNCTIONS = [
  'http',
  'socket',
  'authorize',
  'credentials',
  'deliver',
  'catch-up',
  'status',
  'reconcile',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export interface FunctionsOptions {
  readonly stage: Stage;
  readonly bundles: Readonly<Record<string, FunctionBundle>>;
  /** Of the WebSocket API: where messages for clients are posted, and the right to. */
  readonly sockets: { readonly url: string; readonly arn: string };
  /** URL of `POST /credentials`. */
  readonly credentialsUrl: string;
}

interface Plan {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly rights: readonly PolicyStatement[];
}

export function createFunctions(
  stack: Stack,
  { stage, bundles, sockets, credentialsUrl }: FunctionsOptions,
): Readonly<Record<FunctionName, Lambda>> {
  const launchSecret = createLaunchSecret(stack);
  const runRole = names.runRole(stage);
  const toSockets = { GANWAY_SOCKETS_ENDPOINT: sockets.url };
  const toQueues = {
    ...queueEnvironment(stage),
    GANWAY_LAUNCH_SECRET: launchSecret,
    GANWAY_JOB_ENVIRONMENT: stack.toJsonString({ GANWAY_CREDENTIALS_URL: credentialsUrl }),
  };
  const [read, write, remove] = [
    bucketRights(stage, 'read'),
    bucketRights(stage, 'write'),
    bucketRights(stage, 'remove'),
  ] as const;
  const send = allow(['execute-api:ManageConnections'], [sockets.arn]);
  const queues = queueRights(stack, stage);
  const plans: Record<FunctionName, Plan> = {
    // Somebody waits. The gateway does not wait longer than 30 s, so nobody would hear an answer after that.
    http: { memoryMb: WHOLE_CORE_MB, timeoutSeconds: 29, environment: toQueues, rights: [...remove, ...queues] },
    // Somebody waits; a WebSocket route has 29 s. The first answer of a subscription replays a run.
    socket: { memoryMb: WHOLE_CORE_MB, timeoutSeconds: 29, environment: toSockets, rights: [...remove, send] },
    // Somebody waits for a connection. It checks a signature, and removes the ticket it has used.
    authorize: { memoryMb: WHOLE_CORE_MB, timeoutSeconds: 10, rights: remove },
    // A container waits, for 15 s, and asks again; it does so once an hour.
    credentials: {
      memoryMb: 512,
      timeoutSeconds: 15,
      environment: { GANWAY_LAUNCH_SECRET: launchSecret, GANWAY_RUN_ROLE_ARN: roleArn(stack, runRole) },
      rights: [...read, allow(['sts:AssumeRole'], [roleArn(stack, runRole)])],
    },
    // Everybody who watches waits. A round ends with its lease of 10 s; many viewers take several rounds.
    deliver: { memoryMb: WHOLE_CORE_MB, timeoutSeconds: 60, environment: toSockets, rights: [...remove, send] },
    // Nobody waits, and the next one comes a minute later.
    'catch-up': { memoryMb: 512, timeoutSeconds: 55, environment: toSockets, rights: [...remove, send] },
    // Nobody waits: a few reads and one write, tried again where they fail.
    status: { memoryMb: 512, timeoutSeconds: 30, rights: write },
    // Nobody waits. It looks after all open runs and sweeps deleted ones; what it leaves is done a minute later.
    reconcile: { memoryMb: 1024, timeoutSeconds: 300, environment: toQueues, rights: [...remove, ...queues] },
  };
  const make = (name: FunctionName): Lambda => {
    const { environment = {}, ...plan } = plans[name];
    const bundle = bundles[name];
    if (!bundle) throw new TypeError(`There is no bundle of the function ${name}.`);
    const all = { ...commonEnvironment(stage), ...environment };
    return createLambda(stack, `${idOf(name)}Function`, { ...plan, stage, bundle, environment: all });
  };
  const made = Object.fromEntries(FUNCTIONS.map((name) => [name, make(name)])) as Record<FunctionName, Lambda>;
  createRunRole(stack, stage, made.credentials);
  return made;
}

/** `catch-up` → `CatchUp`. */
export function idOf(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, _hyphen, letter: string) => letter.toUpperCase());
}

function commonEnvironment(stage: Stage): Record<string, string> {
  return {
    GANWAY_S3_BUCKET: names.bucket(stage),
    GANWAY_PROJECT: stage.project,
    GANWAY_MAX_OPEN_RUNS: String(stage.maxOpenRuns),
    ...(stage.identity && {
      GANWAY_OIDC_ISSUER: stage.identity.issuer,
      GANWAY_OIDC_AUDIENCE: stage.identity.audience,
      GANWAY_OIDC_ADMINS: stage.identity.admins.join(' '),
    }),
  };
}

function queueEnvironment(stage: Stage): Record<string, string> {
  const usual = sizesOf(stage).find(({ gpus }) => gpus > 0);
  if (!usual) throw new TypeError('A stage without a GPU came past its check.');
  return {
    GANWAY_JOB_QUEUE: names.queue(stage, usual),
    GANWAY_JOB_QUEUE_PREFIX: names.sizes(stage),
    GANWAY_ON_DEMAND_QUEUE: names.onDemandQueue(stage, usual),
    GANWAY_ON_DEMAND_QUEUE_PREFIX: names.onDemandSizes(stage),
    GANWAY_TASK_QUEUE: names.taskQueue(stage),
    GANWAY_JOB_DEFINITION: names.jobDefinition(stage, usual),
    GANWAY_JOB_DEFINITION_PREFIX: names.sizes(stage),
    GANWAY_SIZES: stage.sizes.join(' '),
    GANWAY_SLOT_THREADS: String(usual.vcpus),
    GANWAY_SLOT_GPUS: String(usual.gpus),
    GANWAY_SLOT_MEMORY_MB: String(usual.memoryMb - RESERVED_MB),
  };
}

/**
 * Signs the tokens of launches. Secrets Manager makes it and asks 0.40 $ a month; the free parameter store cannot be told
 * by a template to make one. It stands in the configuration of three functions, as text for whoever may read that: it opens
 * no more than they do. A new value comes with the next deployment, and ends the tokens of jobs that run.
 */
function createLaunchSecret(stack: Stack): string {
  const secret = new Secret(stack, 'LaunchSecret', {
    description: 'Signs the tokens by which jobs of Ganway get credentials.',
    // 64 letters and digits are 48 bytes in base64.
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return secret.secretValue.unsafeUnwrap();
}

/** Named, and so known before it is there: the function that takes it on is the only one it lets. */
function createRunRole(stack: Stack, stage: Stage, credentials: Lambda): void {
  if (!credentials.role) throw new TypeError('A function has a role.');
  const role = new Role(stack, 'RunRole', {
    roleName: names.runRole(stage),
    description: 'Of the storage of runs: each job gets the part of it that its run is about, for an hour.',
    assumedBy: credentials.role,
  });
  for (const statement of runRights(stage)) role.addToPolicy(statement);
}

function roleArn(stack: Stack, resourceName: string): string {
  return stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
}

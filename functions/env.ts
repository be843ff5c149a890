/** Reads the environment of the functions once and says everything that is wrong with it; the only file here that sees process.env. */
import { LONGEST_PREFIX } from '../graph/run/session-policy.ts';
import { PROJECT_ID } from '../graph/storage/keys.ts';
import { readStorage, type StorageSettings } from '../infra/clients/storage-settings.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Null, wherever they stand, where the SDK finds them by itself. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Env {
  readonly storage: StorageSettings;
  /** Where messages for clients are sent to; null where it is not said, which only delivery cannot do without. */
  readonly sockets: {
    /** `https://<api>.execute-api.<region>.amazonaws.com/<stage>`. */
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: Credentials | null;
  } | null;
  readonly queue: {
    /** Null for AWS itself. */
    readonly endpoint: string | null;
    readonly region: string;
    /** Names of the queues: trainings wait in one, small tasks in the other. */
    readonly jobQueues: {
      readonly training: string;
      readonly tasks: string;
      /** For trainings that must not be interrupted; null: none is offered. */
      readonly onDemand: string | null;
    };
    readonly jobDefinition: string;
    /** There is one definition a size of machine, called this and the size's id; null: one for all. */
    readonly jobDefinitionPrefix: string | null;
    /** Where each size has queues of its own, called these and the size's id; null: the queues above are for all. */
    readonly sizeQueues: {
      readonly training: string;
      readonly onDemand: string;
      /** Ids of the sizes that have them. */
      readonly sizes: readonly string[];
    } | null;
    readonly credentials: Credentials | null;
  };
  /** Signs the tokens by which jobs get credentials; null where jobs have credentials of their own. */
  readonly launchSecret: Uint8Array | null;
  /** The role that the credentials of a run are a part of; null where nobody asks for any here. */
  readonly runRole: {
    readonly arn: string;
    /** Null for AWS itself. */
    readonly endpoint: string | null;
    readonly region: string;
    readonly credentials: Credentials | null;
  } | null;
  /** Signs links through the local gateway; null where the storage presigns them itself. */
  readonly linkSecret: Uint8Array | null;
  readonly slot: { readonly threads: number; readonly gpus: number; readonly memoryMb: number };
  /** What a slot costs where there are no sizes, US dollars; null: nothing. */
  readonly slotUsdPerHour: number | null;
  readonly jobEnvironment: Readonly<Record<string, string>>;
  readonly maxOpenRuns: number;
  readonly project: string;
  /** True on a machine of one's own: whoever asks is its user. Elsewhere nobody is anybody without proof. */
  readonly automaticUser: boolean;
  /** Whose tokens prove who people are; null where nobody's do. */
  readonly oidc: {
    /** As in the tokens' `iss`, e.g. `https://login.example.org/`. */
    readonly issuer: string;
    readonly audience: string;
    /** Subjects of those who are ADMIN of the project from the start. */
    readonly admins: readonly string[];
  } | null;
  readonly logLevel: string;
  /** Scheme of the links given to clients. */
  readonly scheme: 'http' | 'https';
}

/**
 * The environment, checked.
 *
 * @throws Error that names every variable that is missing or wrong, in one message.
 */
export function readEnv(variables: Variables = process.env): Env {
  const problems: string[] = [];
  const optional = (name: string): string | null => variables[`GANWAY_${name}`]?.trim() || null;
  const integer = (name: string, fallback: number, min: number): number => {
    const value = optional(name);
    if (value === null) return fallback;
    if (/^\d+$/.test(value) && Number(value) >= min) return Number(value);
    problems.push(`GANWAY_${name} must be a whole number from ${min} on, not ${JSON.stringify(value)}.`);
    return fallback;
  };
  const dollars = (name: string): number | null => {
    const value = optional(name);
    if (value === null) return null;
    if (Number(value) > 0 && Number.isFinite(Number(value))) return Number(value);
    problems.push(`GANWAY_${name} must be a number above 0, not ${JSON.stringify(value)}.`);
    return null;
  };
  const credentials = (of: string): Credentials | null => {
    const [accessKeyId, secretAccessKey] = [optional(`${of}_ACCESS_KEY_ID`), optional(`${of}_SECRET_ACCESS_KEY`)];
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
    if (accessKeyId || secretAccessKey) {
      problems.push(`GANWAY_${of}_ACCESS_KEY_ID and GANWAY_${of}_SECRET_ACCESS_KEY go together.`);
    }
    return null;
  };
  const storage = readStorage(variables);
  if (storage.kind === 'missing') problems.push(...storage.missing.map((name) => `${name} is missing.`));
  const region = optional('S3_REGION') ?? variables.AWS_REGION ?? 'us-east-1';
  const socketsEndpoint = optional('SOCKETS_ENDPOINT');
  const secret = (name: string): Uint8Array | null => {
    const text = optional(name);
    if (text === null) return null;
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length < 16) problems.push(`GANWAY_${name} must be at least 16 bytes in base64.`);
    return bytes;
  };
  const linkSecret = secret('LINK_SECRET');
  if (linkSecret === null && storage.kind === 'read' && storage.settings.kind === 'folder') {
    problems.push('GANWAY_LINK_SECRET is missing; an embedded store cannot presign links itself.');
  }
  const launchAccess = (): Pick<Env, 'launchSecret' | 'runRole'> => {
    const [launchSecret, arn] = [secret('LAUNCH_SECRET'), optional('RUN_ROLE_ARN')];
    if (arn === null) return { launchSecret, runRole: null };
    if (launchSecret === null) problems.push('GANWAY_RUN_ROLE_ARN is of no use without GANWAY_LAUNCH_SECRET.');
    if ((optional('S3_PREFIX')?.length ?? 0) > LONGEST_PREFIX) {
      problems.push(
        `GANWAY_S3_PREFIX must have at most ${LONGEST_PREFIX} characters, for the policies of runs to fit.`,
      );
    }
    const endpoint = optional('STS_ENDPOINT');
    return { launchSecret, runRole: { arn, endpoint, region, credentials: credentials('STS') } };
  };
  const project = optional('PROJECT') ?? 'local';
  if (!PROJECT_ID.test(project)) {
    problems.push('GANWAY_PROJECT must be 1 to 32 lower-case letters and digits, beginning with a letter.');
  }
  const scheme = optional('SCHEME') ?? 'https';
  if (scheme !== 'http' && scheme !== 'https') problems.push('GANWAY_SCHEME must be http or https.');
  const env = {
    queue: {
      endpoint: optional('QUEUE_ENDPOINT'),
      region: optional('QUEUE_REGION') ?? region,
      jobQueues: {
        training: optional('JOB_QUEUE') ?? 'ganway',
        tasks: optional('TASK_QUEUE') ?? 'ganway-tasks',
        onDemand: optional('ON_DEMAND_QUEUE'),
      },
      jobDefinition: optional('JOB_DEFINITION') ?? 'ganway-trainer',
      jobDefinitionPrefix: optional('JOB_DEFINITION_PREFIX'),
      sizeQueues: sizeQueues(optional, problems),
      credentials: credentials('QUEUE'),
    },
    sockets:
      socketsEndpoint === null
        ? null
        : {
            endpoint: socketsEndpoint,
            region: optional('SOCKETS_REGION') ?? region,
            credentials: credentials('SOCKETS'),
          },
    ...launchAccess(),
    linkSecret,
    slot: {
      threads: integer('SLOT_THREADS', 1, 1),
      gpus: integer('SLOT_GPUS', 0, 0),
      memoryMb: integer('SLOT_MEMORY_MB', 2048, 256),
    },
    slotUsdPerHour: dollars('SLOT_USD_PER_HOUR'),
    jobEnvironment: jobEnvironment(optional('JOB_ENVIRONMENT'), problems),
    maxOpenRuns: integer('MAX_OPEN_RUNS', 100, 1),
    project,
    automaticUser: optional('AUTOMATIC_USER') === '1',
    oidc: oidc(optional, problems),
    logLevel: optional('LOG_LEVEL') ?? 'info',
    scheme: scheme === 'http' ? scheme : 'https',
  } satisfies Omit<Env, 'storage'>;
  if (storage.kind === 'missing' || problems.length > 0) {
    throw new Error(`The environment cannot be used: ${problems.join(' ')}`);
  }
  return { ...env, storage: storage.settings };
}

/** The issuer and what goes with it. With one there is no automatic user: else whoever sends no token would be ADMIN. */
function oidc(optional: (name: string) => string | null, problems: string[]): Env['oidc'] {
  const [issuer, audience] = [optional('OIDC_ISSUER'), optional('OIDC_AUDIENCE')];
  const admins = (optional('OIDC_ADMINS') ?? '').split(/\s+/).filter((subject) => subject !== '');
  if (issuer === null && audience === null && admins.length === 0) return null;
  if (issuer === null || audience === null) {
    problems.push('GANWAY_OIDC_ISSUER and GANWAY_OIDC_AUDIENCE go together.');
    return null;
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && loopback)) {
    problems.push('GANWAY_OIDC_ISSUER must be the https URL that stands in the tokens as iss.');
  }
  if (optional('AUTOMATIC_USER') === '1') {
    problems.push("GANWAY_AUTOMATIC_USER is for a machine of one's own; it does not go with GANWAY_OIDC_ISSUER.");
  }
  return { issuer, audience, admins };
}

/** The queues of sizes: all three variables or none. */
function sizeQueues(optional: (name: string) => string | null, problems: string[]): Env['queue']['sizeQueues'] {
  const [training, onDemand] = [optional('JOB_QUEUE_PREFIX'), optional('ON_DEMAND_QUEUE_PREFIX')];
  const sizes = (optional('SIZES') ?? '').split(/\s+/).filter((id) => id !== '');
  if (training !== null && onDemand !== null && sizes.length > 0) return { training, onDemand, sizes };
  if (training !== null || onDemand !== null || sizes.length > 0) {
    problems.push('GANWAY_JOB_QUEUE_PREFIX, GANWAY_ON_DEMAND_QUEUE_PREFIX and GANWAY_SIZES go together.');
  }
  return null;
}

/** A JSON object of texts. */
function jobEnvironment(text: string | null, problems: string[]): Readonly<Record<string, string>> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && Object.values(value).every((item) => typeof item === 'string')) {
      return value as Record<string, string>;
    }
  } catch {
    // Said below.
  }
  problems.push('GANWAY_JOB_ENVIRONMENT must be a JSON object whose values are texts.');
  return {};
}

/** What a container is told by its environment; the only names of variables the supervisor knows. */
import { type NativeExecutor, parseExecutor } from '../protocol/executor.ts';

export interface Settings {
  readonly runId: string;
  readonly launch: number;
  readonly jobId: string;
  /** Which container start of the job this is, from 1. */
  readonly container?: number;
  /** Folder of the native TensorFlow; null where the machine has none: imports need none. */
  readonly nativeDir: string | null;
  /** How it is to be called; null leaves it to what is in the folder. */
  readonly executor: NativeExecutor | null;
  /** Where data sets are kept between runs. */
  readonly cacheDir: string;
  /** Scratch. */
  readonly workDir: string;
  /** The queue holds the other end of stdin: its end means that the queue is gone. */
  readonly parentPipe: boolean;
  /** What a trainer inherits: no credentials, nothing of Ganway's own. */
  readonly inherited: Readonly<Record<string, string>>;
}

const REQUIRED = ['GANWAY_RUN_ID', 'GANWAY_LAUNCH', 'AWS_BATCH_JOB_ID', 'GANWAY_CACHE', 'GANWAY_WORK'] as const;

/** Reads the environment. Throws an Error that names everything that is missing or wrong. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = REQUIRED.filter((name) => !env[name]).map((name) => `${name} is missing`);
  const launch = Number(env.GANWAY_LAUNCH);
  if (env.GANWAY_LAUNCH && !(Number.isInteger(launch) && launch > 0)) {
    problems.push(`GANWAY_LAUNCH is ${JSON.stringify(env.GANWAY_LAUNCH)}, not a whole number from 1 on`);
  }
  if (problems.length > 0) throw new Error(`The environment of the job is incomplete: ${problems.join('; ')}.`);
  const get = (name: (typeof REQUIRED)[number]): string => env[name] ?? '';
  return {
    runId: get('GANWAY_RUN_ID'),
    launch,
    jobId: get('AWS_BATCH_JOB_ID'),
    ...(env.AWS_BATCH_JOB_ATTEMPT && { container: Number(env.AWS_BATCH_JOB_ATTEMPT) }),
    nativeDir: env.GANWAY_NATIVE || null,
    executor: parseExecutor(env.GANWAY_EXECUTOR),
    cacheDir: get('GANWAY_CACHE'),
    workDir: get('GANWAY_WORK'),
    parentPipe: env.GANWAY_PARENT_PIPE === '1',
    inherited: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        value === undefined || /^(GANWAY|AWS|TF|npm)_/.test(name) ? [] : [[name, value]],
      ),
    ),
  };
}

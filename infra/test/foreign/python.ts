/** A Python with clients that other people wrote (gql, boto3, the aws command line), kept in the cache; knows no test. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../setup/cache.mjs';
import { createProgress } from '../../setup/progress.mjs';
import { pythonEnvironment } from '../../setup/python.mjs';
import { explain } from '../../setup/setup-error.mjs';
import type { Ready } from '../stack.ts';

const PACKAGES = ['gql[websockets,aiohttp]==4.4.0', 'boto3==1.44.5', 'awscli==1.46.3'];

/** Path of the interpreter, made once; null, with a warning that says why, where it cannot be made. */
export async function foreignPython(): Promise<string | null> {
  const progress = createProgress();
  try {
    return await pythonEnvironment({ name: 'foreign-clients', requirements: PACKAGES, cache: cacheFolder(), progress });
  } catch (error) {
    console.warn(`the tests with foreign clients are left out: ${explain(error)}`);
    return null;
  } finally {
    progress.close();
  }
}

/** Who asks, and where. */
export type AwsKeys = Pick<Ready['queue'], 'region' | 'accessKeyId' | 'secretAccessKey'>;

/** What SDKs of AWS read; nothing of the person who runs the tests is used. */
export function awsEnvironment({ region, accessKeyId, secretAccessKey }: AwsKeys): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    NO_PROXY: '127.0.0.1',
  };
}

/** Runs a script of this folder, or a module as `['-m', name]`, and returns what it printed. */
export async function runPython(
  python: string,
  script: string | readonly ['-m', string],
  args: readonly string[],
  keys: AwsKeys,
): Promise<string> {
  const program = typeof script === 'string' ? [fileURLToPath(new URL(script, import.meta.url))] : script;
  const options = { env: awsEnvironment(keys), maxBuffer: 2 ** 26, timeout: 60_000 };
  return (await promisify(execFile)(python, [...program, ...args], options)).stdout;
}

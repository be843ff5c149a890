/** Pythons with what other people wrote (gql, boto3, the aws command line, moto), kept in the cache; knows no test. */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../setup/cache.mjs';
import { createProgress } from '../../setup/progress.mjs';
import { pythonEnvironment } from '../../setup/python.mjs';
import { explain } from '../../setup/setup-error.mjs';
import type { Ready } from '../stack.ts';

const PACKAGES = ['gql[websockets,aiohttp]==4.4.0', 'boto3==1.44.5', 'awscli==1.46.3'];
/** The stand-in for AWS that Python people test against, with what its server needs for Batch. */
const MOTO = ['moto[batch]==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5', 'boto3==1.44.8'];

/** Path of the interpreter with the clients, made once; null, with a warning that says why, where it cannot be made. */
export const foreignPython = (): Promise<string | null> => interpreter('foreign-clients', PACKAGES);

/** The same with moto. */
export const motoPython = (): Promise<string | null> => interpreter('moto', MOTO);

async function interpreter(name: string, requirements: readonly string[]): Promise<string | null> {
  const progress = createProgress();
  try {
    return await pythonEnvironment({ name, requirements, cache: cacheFolder(), progress });
  } catch (error) {
    console.warn(`the tests with ${name} are left out: ${explain(error)}`);
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

/** Runs a script of this folder, or a module as `['-m', name]`, tells it `input`, and returns what it printed. */
export async function runPython(
  python: string,
  script: string | readonly ['-m', string],
  args: readonly string[],
  keys: AwsKeys,
  input = '',
): Promise<string> {
  const program = typeof script === 'string' ? [fileURLToPath(new URL(script, import.meta.url))] : script;
  const options = { env: awsEnvironment(keys), maxBuffer: 2 ** 26, timeout: 60_000 };
  const running = promisify(execFile)(python, [...program, ...args], options);
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** Starts moto's server on a free port; resolves, once it listens, to its endpoint and what ends it. */
export async function startMoto(python: string): Promise<{ readonly endpoint: string; stop(): void }> {
  const child = spawn(python, ['-m', 'moto.server', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`moto ended with ${code} before it listened.`)));
  });
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const endpoint = /Running on (http:\/\/\S+)/.exec(line)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    });
  });
  return { endpoint: await Promise.race([listening, exited]), stop: () => child.kill() };
}

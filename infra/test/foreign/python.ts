/** A Python with clients that other people wrote (gql, boto3, the aws command line), kept in the cache; knows no test. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../setup/cache.mjs';
import type { Ready } from '../stack.ts';

const PACKAGES = ['gql[websockets,aiohttp]==4.4.0', 'boto3==1.44.5', 'awscli==1.46.3'];

/** Path of the interpreter, made once; null, with a warning that says why, where it cannot be made. */
export function foreignPython(): string | null {
  try {
    const version = execFileSync('python3', ['--version'], { encoding: 'utf8' });
    const name = createHash('sha256')
      .update(JSON.stringify([PACKAGES, version]))
      .digest('hex')
      .slice(0, 12);
    const folder = join(cacheFolder(), `foreign-clients-${name}`);
    if (!existsSync(folder)) install(folder);
    return join(folder, 'bin', 'python');
  } catch (error) {
    const { stderr, message } = error as { stderr?: string | Buffer; message: string };
    console.warn(
      `the tests with foreign clients are left out; they need python3 with venv and pip. ${stderr || message}`,
    );
    return null;
  }
}

/** Beside its place and then moved there: whoever comes at the same time finds all of it or nothing. */
function install(folder: string): void {
  const unfinished = `${folder}.${process.pid}`;
  try {
    execFileSync('python3', ['-m', 'venv', unfinished], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES];
    execFileSync(join(unfinished, 'bin', 'python'), pip, { stdio: 'pipe' });
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
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

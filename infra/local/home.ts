/** The home folder: everything of a local Ganway that outlives its process, held by one process at a time. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lockFolder } from '../process/lock.ts';
import { SetupError } from '../setup/setup-error.mjs';

export interface Home {
  readonly folder: string;
  /** Keys that only this home knows; kept readable by its owner alone. */
  readonly secrets: Secrets;
  /** Gives the home back. */
  unlock(): void;
}

export interface Secrets {
  /** Signs links to objects; base64. */
  readonly signing: string;
  /** Of the local queue. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Opens a home, making it where there is none.
 *
 * @throws SetupError where it cannot be written or another process has it open
 */
export function openHome(path: string): Home {
  const folder = resolve(path);
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new SetupError(`The home folder ${folder} cannot be written. Choose another with --home.`, { cause });
  }
  const unlock = lock(folder);
  try {
    return { folder, secrets: readSecrets(folder), unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Node's own recursive mkdir never ends below a folder that takes none, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function lock(folder: string): () => void {
  try {
    return lockFolder(folder);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== undefined) {
      throw new SetupError(`The home folder ${folder} cannot be written (${code}). Choose another with --home.`, {
        cause,
      });
    }
    throw new SetupError(message, { cause });
  }
}

function readSecrets(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secrets: Secrets = {
    signing: randomBytes(32).toString('base64'),
    accessKeyId: `GANWAY${randomBytes(7).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

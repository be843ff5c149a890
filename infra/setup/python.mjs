/** Python environments of pinned packages in the cache, made once each; knows no package. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runProgram } from './command.mjs';
import { withLock } from './lock.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} EnvironmentOptions
 * @property {string} name                    of the folder in the cache, before a hash of what is in it
 * @property {readonly string[]} requirements arguments of `pip install`, every version pinned
 * @property {string} [stamp]                 what else decides about the content
 * @property {(packages: string) => void} [finish]   completes the folder `site-packages` before anybody sees it
 * @property {string} cache
 * @property {import('./progress.mjs').Progress} progress
 */

/**
 * Path of an interpreter that has the packages. Made beside its place and then moved there: it is whole or not there.
 * Throws a SetupError, one sentence, where there is no Python with venv, or the index lacks a package for it.
 * @param {EnvironmentOptions} options
 * @returns {Promise<string>}
 */
export async function pythonEnvironment({ name, requirements, stamp = '', finish = () => {}, cache, progress }) {
  const python = findProgram('python3');
  if (!python) throw new SetupError(`There is no python3 on PATH, which ${name} needs. ${HINT}`);
  const { tail: version } = await runProgram(python, ['-c', 'import sys; print(*sys.version_info[:3], sys.platform)']);
  const hash = createHash('sha256')
    .update(JSON.stringify([requirements, stamp, version]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, `${name}-${hash}`);
  const interpreter = join(folder, 'bin', 'python');
  if (existsSync(folder)) return interpreter;
  const step = progress.step(`Python packages: ${name}`);
  try {
    await withLock(
      join(cache, 'locks', `${name}-${hash}`),
      async () => {
        if (existsSync(folder)) return;
        const unfinished = `${folder}.new`;
        rmSync(unfinished, { recursive: true, force: true });
        await must(python, ['-m', 'venv', unfinished], step, `python3 cannot make an environment for ${name}. ${HINT}`);
        const own = join(unfinished, 'bin', 'python');
        const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-compile', '--progress-bar=off'];
        await must(own, [...pip, ...requirements], step, `pip cannot install ${name} for Python ${version}.`);
        const { tail: packages } = await runProgram(own, [
          '-c',
          'import sysconfig; print(sysconfig.get_path("purelib"))',
        ]);
        finish(packages);
        renameSync(unfinished, folder);
        step.done('ready');
      },
      { onWait: (holder) => step.now(`waiting for ${holder}, which installs them`) },
    );
    return interpreter;
  } finally {
    step.done();
  }
}

const HINT = 'Install Python 3.11 to 3.13 with venv and pip (Debian: apt-get install python3-venv).';

/**
 * @param {string} program @param {readonly string[]} args @param {import('./progress.mjs').Step} step
 * @param {string} otherwise the sentence where it fails
 */
async function must(program, args, step, otherwise) {
  const { ok, tail } = await runProgram(program, args, { onLine: (line) => step.now(line.slice(0, 80)) });
  if (!ok) throw new SetupError(`${otherwise}\n${tail}`);
}

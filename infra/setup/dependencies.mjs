/** The packages of package-lock.json in node_modules; runs no package's scripts. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, runProgram } from './command.mjs';
import { withLock } from './lock.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs `npm ci` when node_modules is missing or belongs to another package-lock.json.
 * @param {{checkout: string, cache: string, progress: import('./progress.mjs').Progress}} options
 */
export async function installDependencies({ checkout, cache, progress }) {
  if (isInstalled(checkout)) return;
  const lock = join(cache, 'locks', `dependencies-${createHash('sha256').update(checkout).digest('hex').slice(0, 16)}`);
  const step = progress.step('dependencies');
  try {
    await withLock(
      lock,
      async () => {
        if (isInstalled(checkout)) return;
        step.now('npm ci');
        const [program, ...first] = npm();
        const args = [
          ...first,
          'ci',
          '--include=dev',
          '--include=optional',
          '--ignore-scripts',
          '--no-audit',
          '--no-fund',
          '--loglevel=error',
        ];
        const { ok, how, tail } = await runProgram(program, args, { cwd: checkout });
        if (!ok)
          throw new SetupError(
            `npm ci failed (${how}):\n${tail}\nIs this machine online? Run the command again when it is.`,
          );
        writeStamp(checkout);
        step.done('installed');
      },
      { onWait: (holder) => step.now(`waiting for ${holder}, which installs them`) },
    );
  } finally {
    step.done();
  }
}

/** The npm that started us, else the one on PATH. @returns {[string, ...string[]]} */
function npm() {
  const { npm_execpath: script } = process.env;
  if (script?.endsWith('.js') && /npm-cli/.test(script)) return [process.execPath, script];
  const program = findProgram('npm');
  if (!program) throw new SetupError('There is no npm on PATH. It comes with Node: https://nodejs.org/en/download');
  return [program];
}

const stampPath = (/** @type {string} */ checkout) => join(checkout, 'node_modules', '.ganway-lock');

/** @param {string} checkout */
function lockHash(checkout) {
  return createHash('sha256')
    .update(readFileSync(join(checkout, 'package-lock.json')))
    .digest('hex');
}

/** @param {string} checkout */
function writeStamp(checkout) {
  writeFileSync(stampPath(checkout), `${lockHash(checkout)}\n`);
}

/** @param {string} checkout */
function isInstalled(checkout) {
  try {
    if (readFileSync(stampPath(checkout), 'utf8').trim() === lockHash(checkout)) return true;
  } catch {
    // No stamp: node_modules is missing, or npm was run by hand.
  }
  if (!agreesWithLock(checkout)) return false;
  writeStamp(checkout);
  return true;
}

/**
 * Whether an npm run by hand has installed what the lock says. npm's own list in node_modules is not asked: it has been seen to name
 * versions that were not there. Optional packages may be missing (they are for other machines).
 * @param {string} checkout
 */
function agreesWithLock(checkout) {
  /** @typedef {{version?: string, optional?: boolean, devOptional?: boolean, link?: boolean}} Locked */
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(checkout, name), 'utf8'));
  /** @type {Record<string, Locked>} */
  const { '': _, ...wanted } = read('package-lock.json').packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (link) return true;
    try {
      return read(join(path, 'package.json')).version === version;
    } catch {
      return Boolean(optional || devOptional);
    }
  });
}

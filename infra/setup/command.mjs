/** Finds and runs other programs; knows none of them by name. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * The path of an executable on PATH (or the path itself, when it is absolute); null where there is none.
 * @param {string} name
 * @returns {string | null}
 */
export function findProgram(name, env = process.env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
  return candidates.find(isExecutable) ?? null;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
// A set-up that ends early takes its compilers and installers with it.
process.on('exit', () => {
  for (const child of children) child.kill();
});

/**
 * Runs a program to its end and hands on its output line by line.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void}} [options]
 * @returns {Promise<{ok: boolean, how: string, tail: string}>} `how`: exit code or signal in words; `tail`: the last lines it wrote
 */
export function runProgram(program, args, { cwd, env, onLine = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    /** @type {string[]} */
    const lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > 40) lines.shift();
        onLine(line);
      });
    }
    child.once('error', (error) => {
      children.delete(child);
      reject(error);
    });
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve({ ok: code === 0, how: signal ? `signal ${signal}` : `exit code ${code}`, tail: lines.join('\n') });
    });
  });
}

/** Where tests and benches find TensorFlow; nothing of the product asks this. */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExecutor } from '../../protocol/executor.ts';
import { type OpenOptions, openSession } from '../executors/open.ts';
import type { Program } from '../program/program.ts';
import type { Session } from '../session.ts';

const { GANWAY_NATIVE, GANWAY_CACHE, GANWAY_EXECUTOR, XDG_CACHE_HOME } = process.env;
const cache = GANWAY_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ganway');

export const nativeDir = GANWAY_NATIVE ?? join(cache, 'native', 'tensorflow-cpu-2.21.0');

/** What GANWAY_EXECUTOR wants. */
export const executor = parseExecutor(GANWAY_EXECUTOR);

/** A session on real TensorFlow. */
export function open(program: Program, options: Pick<OpenOptions, 'layout' | 'precision'> = {}): Session {
  return openSession(program, { nativeDir, executor, workDir: tmpdir(), ...options });
}

/** Where tests and benches find TensorFlow; nothing of the product asks this. */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../executors/tensorflow.ts';
import type { Program } from '../program/program.ts';
import type { Session } from '../session.ts';

const { GANWAY_NATIVE, GANWAY_CACHE, XDG_CACHE_HOME } = process.env;
const cache = GANWAY_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ganway');

export const nativeDir = GANWAY_NATIVE ?? join(cache, 'native', 'tensorflow-cpu-2.21.0');

/** A session on real TensorFlow. */
export function open(program: Program): Session {
  return openSession(program, { nativeDir, workDir: tmpdir() });
}

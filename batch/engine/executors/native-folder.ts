/** The folder that the set-up fills with TensorFlow: what a process can execute programs by, and that it takes one only. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NativeExecutor } from '../../protocol/executor.ts';
import { EngineError } from '../errors.ts';

/** TensorFlow's kernels, and what they share with the rest of its C API: in the order in which they are loaded. */
export const LIBRARIES = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] as const;

/** The compiled addon. */
export const ADDON = 'tfjs_binding.node';

/** What a folder serves: the addon where it has been compiled. */
export function executorOf(folder: string): NativeExecutor {
  return existsSync(join(folder, ADDON)) ? 'tensorflow' : 'capi';
}

let taken: string | null = null;

/**
 * The absolute path of a folder whose libraries this process may load.
 *
 * @throws EngineError NATIVE where it lacks one of `files`, or another folder has been loaded: TensorFlow is once a process
 */
export function takeFolder(folder: string, files: readonly string[]): string {
  const path = resolve(folder);
  const lacking = files.find((file) => !existsSync(join(path, file)));
  if (lacking !== undefined) {
    throw new EngineError('NATIVE', `${join(path, lacking)} is missing: run npm start once, which sets TensorFlow up`);
  }
  if (taken !== null && taken !== path) {
    throw new EngineError('NATIVE', `TensorFlow of ${taken} is loaded: start another process for ${path}`);
  }
  taken = path;
  return path;
}

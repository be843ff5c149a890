/** Opens programs on TensorFlow by whatever a machine's native folder serves: the one place that names both executors. */
import type { Precision } from '../../../graph/spec/spec.ts';
import type { NativeExecutor } from '../../protocol/executor.ts';
import type { Layout } from '../lowering/functions.ts';
import { optimise, type Pass, passesFor } from '../lowering/optimise.ts';
import type { Program } from '../program/program.ts';
import type { Session } from '../session.ts';
import { openCapi } from './capi/session.ts';
import { executorOf } from './native-folder.ts';
import { openTensorFlow } from './tensorflow/session.ts';

export interface OpenOptions {
  /** Folder with TensorFlow's libraries and, where it could be compiled, the addon. */
  readonly nativeDir: string;
  /** Null, the default: the addon where there is one. */
  readonly executor?: NativeExecutor | null;
  /** Existing or new folder for a file that lives only while the session opens. */
  readonly workDir: string;
  /** What products are computed in; FP32 by default. */
  readonly precision?: Precision;
  /** What makes the program cheaper first; by default all that there is, under that precision. */
  readonly passes?: readonly Pass[];
  /** How the program is laid out; `flat` by default, which is fastest on a CPU. */
  readonly layout?: Layout;
}

/**
 * Opens a session of a program. Its state is unset until `init` is called or all of it is written.
 *
 * @throws EngineError NATIVE where TensorFlow does not load or refuses the program.
 */
export function openSession(written: Program, options: OpenOptions): Session {
  const { nativeDir, executor = null, workDir, precision = 'FP32', layout = 'flat' } = options;
  const { passes = passesFor(precision) } = options;
  const program = optimise(written, passes);
  switch (executor ?? executorOf(nativeDir)) {
    case 'tensorflow':
      return openTensorFlow(program, nativeDir, workDir, layout);
    case 'capi':
      return openCapi(program, nativeDir, layout);
  }
}

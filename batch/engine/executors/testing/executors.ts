/** The executors that this machine has, for the suites that hold all of them to one behaviour. */
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeExecutor } from '../../../protocol/executor.ts';
import type { Program } from '../../program/program.ts';
import type { Session } from '../../session.ts';
import { nativeDir } from '../../testing/native.ts';
import { ADDON } from '../native-folder.ts';
import { openSession } from '../open.ts';
import { openPortable } from '../portable/session.ts';

export interface Executor {
  readonly name: NativeExecutor | 'portable';
  open(program: Program): Session;
}

const native = (name: NativeExecutor): Executor => ({
  name,
  open: (program) => openSession(program, { nativeDir, executor: name, workDir: tmpdir() }),
});

export const capi = native('capi');
export const portable: Executor = {
  name: 'portable',
  open: (program) => openPortable(program, { readFile: readFileSync }),
};
/** Null where there was no compiler for the addon. */
export const tensorflow: Executor | null = existsSync(join(nativeDir, ADDON)) ? native('tensorflow') : null;

export const executors: readonly Executor[] = [...(tensorflow ? [tensorflow] : []), capi, portable];

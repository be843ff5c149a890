/** One container start as a child process: its environment, its log, its end; knows no job and no retries. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { identify, type ProcessIdentity } from '../../process/identity.ts';

/** The fixed entry that the job definition stands for. */
export interface EntryCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of the environment that the entry gets besides the job's own variables; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that a client may set besides `GANWAY_*`. */
  readonly allowedEnvironment?: readonly string[];
}

export type ProcessEnd =
  /** 128 + n where signal n ended it. */
  { readonly kind: 'EXITED'; readonly exitCode: number } | { readonly kind: 'NOT_STARTED'; readonly reason: string };

export interface AttemptProcess {
  readonly started: boolean;
  /** Null where it did not start, or was over at once. */
  readonly identity: ProcessIdentity | null;
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM to the entry, as a container's first process gets it; SIGKILL to the whole group after the grace. */
  stop(graceMs: number): void;
}

/** Starts the entry in a process group of its own, with its output in `logFile`. Never throws. */
export function startAttempt(
  command: EntryCommand,
  environment: Readonly<Record<string, string>>,
  logFile: string,
): AttemptProcess {
  let log: number;
  try {
    mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
    log = openSync(logFile, 'a', 0o600);
  } catch (error) {
    return notStarted(error as Error);
  }
  try {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      // The pipe on stdin breaks when this process dies, however it dies: so the entry can notice.
      env: { ...command.env, ...environment, GANWAY_PARENT_PIPE: '1' },
      stdio: ['pipe', log, log],
      detached: true,
    });
    child.stdin?.on('error', () => {});
    const { pid } = child;
    let killTimer: NodeJS.Timeout | undefined;
    let killAt = Number.POSITIVE_INFINITY;
    const ended = new Promise<ProcessEnd>((resolve) => {
      child.once('error', (error) => {
        if (pid === undefined) resolve({ kind: 'NOT_STARTED', reason: error.message });
      });
      child.once('exit', (code, signal) => {
        clearTimeout(killTimer);
        // A container ends with its first process.
        if (pid !== undefined) killGroup(pid);
        resolve({ kind: 'EXITED', exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
      });
    });
    return {
      started: pid !== undefined,
      identity: pid === undefined ? null : identify(pid),
      ended,
      stop(graceMs) {
        if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
        if (graceMs > 0) child.kill('SIGTERM');
        // Asked twice, the shorter grace holds.
        if (performance.now() + graceMs >= killAt) return;
        killAt = performance.now() + graceMs;
        clearTimeout(killTimer);
        killTimer = setTimeout(() => killGroup(pid), graceMs);
      },
    };
  } catch (error) {
    return notStarted(error as Error);
  } finally {
    closeSync(log);
  }
}

/** SIGKILL to a process group; nothing happens where it is gone. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // EPERM: on macOS a group of zombies only.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function notStarted(error: Error): AttemptProcess {
  const ended = Promise.resolve({ kind: 'NOT_STARTED', reason: error.message } as const);
  return { started: false, identity: null, ended, stop() {} };
}

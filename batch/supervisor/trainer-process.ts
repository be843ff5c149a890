/** The trainer as a child process: its messages, its lines of output and its end; knows nothing of what it computes. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TrainerCommand as Message } from '../protocol.ts';
import type { TrainerCommand } from './trainer-command.ts';

export interface TrainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TrainerProcess {
  /** Asks it to end through a checkpoint. */
  stop(): void;
  kill(): void;
  /** Resolves once it is gone and all its output was read; never rejects. */
  readonly ended: Promise<TrainerExit>;
}

export interface TrainerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** There is something new in the spool. */
  readonly onHint: () => void;
  readonly onLine: (text: string) => void;
}

export function startTrainer(
  { command, args }: TrainerCommand,
  { env, onHint, onLine }: TrainerOptions,
): TrainerProcess {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface({ input: output }).on('line', onLine);
  }
  child.on('message', onHint);
  const ended = new Promise<TrainerExit>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
    child.on('error', (error) => {
      onLine(`the trainer could not be started: ${error.message}`);
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
  return {
    stop: () => {
      const message: Message = { type: 'stop' };
      // Where the channel is gone, so is the trainer.
      if (child.connected) child.send(message, () => {});
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    ended,
  };
}

/** The channel to the supervisor: how the trainer learns that it has to stop, by message, signal or silence, and how it gives a hint. */
import type { TrainerCommand } from '../protocol.ts';

/** `STOP`: asked to end through a last checkpoint. `ORPHANED`: nobody is left who could keep one. */
export type StopReason = 'STOP' | 'ORPHANED';

/**
 * A signal that is aborted by the first of: `{type:'stop'}` over IPC, SIGTERM, SIGINT, the end of the IPC channel. The
 * loop looks at it between steps; nothing here interrupts a step. Its reason is a {@link StopReason}.
 */
export function listenForStop(): AbortSignal {
  const controller = new AbortController();
  const stop = (reason: StopReason): void => controller.abort(reason);
  process.on('message', (message) => {
    if (isStop(message)) stop('STOP');
  });
  process.on('disconnect', () => stop('ORPHANED'));
  process.on('SIGTERM', () => stop('STOP'));
  process.on('SIGINT', () => stop('STOP'));
  // The channel must not keep a finished trainer alive.
  process.channel?.unref();
  return controller.signal;
}

/** Tells the supervisor that the spool has grown. It also looks by itself; where it is gone, nothing happens. */
export function hintSupervisor(): void {
  // Without a callback a channel that breaks just now would end the process.
  if (process.connected) process.send?.({ type: 'spool' }, undefined, undefined, () => {});
}

function isStop(message: unknown): message is TrainerCommand {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'stop';
}

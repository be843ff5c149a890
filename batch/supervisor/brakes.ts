/** The three ways in which the work of an attempt is cut short, from gentle to final, and who pulls them when. */
import { onAbort } from './on-abort.ts';

/** A host that goes away leaves 30 seconds; the trainer has this long for a last checkpoint … */
const KILL_AFTER_MS = 14_000;
/** … and storage until here to take it; what is left is for the log. */
const GIVE_UP_AFTER_MS = 21_000;

export interface Brakes {
  /** Aborted: the trainer is asked to end through a checkpoint. */
  readonly halt: AbortSignal;
  /** Aborted: the trainer is killed. */
  readonly kill: AbortSignal;
  /** Aborted: storage is no longer waited for, requests under way are ended. */
  readonly giveUp: AbortSignal;
  /** A stop was requested. */
  stop(): void;
  /** Everything, at once. */
  abandon(): void;
  /** No timer of a lost host is left after it. */
  release(): void;
}

/** @param hostLost aborted when this container has to go: then all three follow, in the time that is left */
export function createBrakes(hostLost: AbortSignal): Brakes {
  const halt = new AbortController();
  const kill = new AbortController();
  const giveUp = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  onAbort(hostLost, () => {
    halt.abort();
    timers.push(
      setTimeout(() => kill.abort(), KILL_AFTER_MS),
      setTimeout(() => giveUp.abort(), GIVE_UP_AFTER_MS),
    );
  });
  return {
    halt: halt.signal,
    kill: kill.signal,
    giveUp: giveUp.signal,
    stop: () => halt.abort(),
    abandon: () => {
      for (const controller of [halt, kill, giveUp]) controller.abort();
    },
    release: () => timers.forEach(clearTimeout),
  };
}

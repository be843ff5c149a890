/**
 * Trainings that take turns on one machine: all but one are stopped, as by a job control, so that what the machine does
 * from minute to minute meets each alike; knows not what they train.
 */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export interface TurnOptions {
  /** Default 5 s: long against what is under way when it ends, short against what the machine does of itself. */
  readonly turnMs?: number;
  /** Between turns, default 0.5 s: answering what a stopped one has asked for is not the next one's burden. */
  readonly pauseMs?: number;
}

/** What takes turns: processes, and whether they are over. */
export interface Player {
  readonly pids: () => readonly number[];
  readonly over: () => boolean;
}

/** When somebody ran: milliseconds since 1970. */
export interface Turn {
  readonly from: number;
  readonly to: number;
}

/** Lets each run for a turn while the others stand still, until all are over; resolves to the turns of each. Afterwards none is stopped. */
export async function takeTurns(
  players: readonly Player[],
  { turnMs = 5000, pauseMs = 500 }: TurnOptions = {},
): Promise<readonly (readonly Turn[])[]> {
  const turns = players.map((): Turn[] => []);
  const release = (): void => {
    for (const player of players) signal(player, 'SIGCONT');
  };
  // A process that stands still would outlive whoever was to wake it.
  const interrupted = (): never => {
    release();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  for (const player of players) await stop(player);
  try {
    while (players.some((player) => !player.over())) {
      for (const [index, player] of players.entries()) {
        if (player.over()) continue;
        const from = Date.now();
        signal(player, 'SIGCONT');
        const until = performance.now() + turnMs;
        while (performance.now() < until && !player.over()) await setTimeout(20);
        await stop(player);
        turns[index]?.push({ from, to: Date.now() });
        await setTimeout(pauseMs);
      }
    }
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    release();
  }
  return turns;
}

/** Milliseconds between two moments in which somebody ran. */
export function ranBetween(turns: readonly Turn[], from: number, to: number): number {
  return turns.reduce((sum, turn) => sum + Math.max(0, Math.min(to, turn.to) - Math.max(from, turn.from)), 0);
}

/** Resolves when they stand still: a signal is sent sooner than obeyed. */
async function stop(player: Player): Promise<void> {
  signal(player, 'SIGSTOP');
  while (player.pids().some(isRunning)) await setTimeout(1);
}

function isRunning(pid: number): boolean {
  try {
    // The state follows the name, which may hold anything.
    return !/\) [TtZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function signal({ pids }: Player, name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of pids()) {
    try {
      process.kill(pid, name);
    } catch (error) {
      // It has ended since it was looked up.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Tells whether a process is still the one we started, though process ids are reused; sends no signals. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A process id together with what no second process of that id can share. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Boot of the machine and start of the process. */
  readonly stamp: string;
}

/** Null where no such process runs (a zombie runs no more). */
export function identify(pid: number): ProcessIdentity | null {
  const stamp = existsSync('/proc/self/stat') ? stampFromProc(pid) : stampFromPs(pid);
  return stamp === null ? null : { pid, stamp };
}

export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.stamp === process.stamp;
}

function stampFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold anything, so fields are counted from its end (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    if (state === undefined || startTime === undefined || state === 'Z' || state === 'X') return null;
    // Start times count from the boot, so two boots would share them.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${startTime}`;
  } catch {
    return null;
  }
}

function stampFromPs(pid: number): string | null {
  try {
    const shown = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    return shown.toString().trim() || null;
  } catch {
    return null;
  }
}

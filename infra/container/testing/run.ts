/** Starts a program in a built root as a container engine would: PID 1, not root, all read-only but its state; isolates no network and no memory. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, lchownSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLACES } from '../places.ts';

const isRoot = process.getuid?.() === 0;
const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', ...(isRoot ? [] : ['--user', '--map-root-user'])];

/** Whether this machine gives its user what {@link runInside} needs. */
export const canRunInside = (): boolean => spawnSync('unshare', [...NAMESPACES, 'true']).status === 0;

export interface RunOptions {
  readonly root: string;
  /** Folder that the program sees as its state. */
  readonly state: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

export interface Running {
  readonly process: ChildProcess;
  /** Sends a signal to the program, which is PID 1 of its container. */
  signal(name: NodeJS.Signals): void;
}

/**
 * Mounts, in a mount namespace of its own that goes with the program; arguments: root, state, where the state goes, and
 * what enters the root at last.
 */
const ENTER = `
  root=$1 state=$2 place=$3; shift 3
  mount --bind "$root" "$root"
  mount --rbind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount --bind "$state" "$root/$place"
  mount -o remount,bind,ro "$root"
  exec "$@"`;

/** Needs util-linux, and either to be root or user namespaces. In those the program's user is the one who started it. */
export function runInside({ root, state, user, workingDirectory, environment, command }: RunOptions): Running {
  const [uid = '', gid = ''] = user.split(':');
  if (isRoot) giveTo(state, Number(uid), Number(gid));
  const as = isRoot ? [`--setuid=${uid}`, `--setgid=${gid}`] : ['--user', `--map-user=${uid}`, `--map-group=${gid}`];
  const enter = ['unshare', ...as, `--root=${root}`, `--wd=${workingDirectory}`, '--', ...command];
  const child = spawn('unshare', [...NAMESPACES, '--', 'sh', '-ec', ENTER, 'sh', root, state, PLACES.state, ...enter], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return {
    process: child,
    signal: (name) => {
      for (const pid of childrenOf(child.pid)) process.kill(pid, name);
    },
  };
}

/** What `unshare` has forked: it takes no signal for it. */
function childrenOf(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function giveTo(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
  }
}

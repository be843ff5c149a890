/** Ends a process that we no longer hold a handle of; sends no signal to another one that got its id. */
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './identity.ts';

const POLL_MS = 50;

/** SIGTERM, then SIGKILL after `graceMs`; resolves when the process is gone. */
export async function endProcess(identity: ProcessIdentity, graceMs = 5000): Promise<void> {
  const deadline = Date.now() + graceMs;
  while (isAlive(identity)) {
    try {
      process.kill(identity.pid, Date.now() < deadline ? 'SIGTERM' : 'SIGKILL');
    } catch {
      return;
    }
    await wait(POLL_MS);
  }
}

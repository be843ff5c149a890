/** Runs for somebody to watch and what happens in them, straight into the store; knows no gateway. */
import { randomBytes } from 'node:crypto';
import type { Ganway } from '../../../../graph/ganway.ts';
import type { JournalEvent } from '../../../../graph/run/events.ts';
import { append } from '../../../../graph/run/journal.ts';
import { keys } from '../../../../graph/storage/keys.ts';

const at = '2026-01-01T00:00:00.000Z';

/** A run of the project `lab` whose journal has one segment; returns its id. */
export async function newRun(g: Pick<Ganway, 'store'>): Promise<string> {
  const runId = `lab-${randomBytes(9).toString('hex')}`;
  await g.store.create(keys.spec(runId), Buffer.from(JSON.stringify(specFile(runId))));
  await append(g, runId, () => [{ type: 'LAUNCH_REQUESTED', at, launch: 1, cause: 'CREATE' }]);
  return runId;
}

/** A row of metrics, with as many values as wanted. */
export function metrics(step: number, values = 1): JournalEvent {
  const names = Array.from({ length: values }, (_, index) => [`metric/${index}`, step + index] as const);
  return { type: 'METRICS', at, attempt: 1, step, kimg: step / 10, values: Object.fromEntries(names) };
}

export const ended: JournalEvent = { type: 'RUN_ENDED', at, phase: 'SUCCEEDED', reason: null };
export const stopped: JournalEvent = { type: 'RUN_ENDED', at, phase: 'STOPPED', reason: null };
export const resumed: JournalEvent = { type: 'LAUNCH_REQUESTED', at, launch: 2, cause: 'RESUME' };
export const heartbeat: JournalEvent = { type: 'HEARTBEAT', at, attempt: 1, step: 1 };

function specFile(runId: string) {
  return {
    v: 1,
    runId,
    createdAt: at,
    createdBy: 'user',
    name: null,
    spec: {
      v: 1,
      task: 'IMPORT',
      dataset: { id: 'lab-x', name: 'x' },
      size: 8,
      uploads: [],
      resources: { threads: 1, gpus: 0, memoryMb: 1024 },
      limits: { maxRuntime: null },
    },
  };
}

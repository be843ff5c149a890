/** Lists runs, newest first: the index says which there are, heads say what they are. */
import { sees } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { keys } from '../storage/keys.ts';
import { loadRun, type Snapshot } from './load.ts';
import type { RunPhase } from './state.ts';

export interface RunFilter {
  readonly phases?: readonly RunPhase[] | null;
  readonly tasks?: readonly string[] | null;
  readonly nameContains?: string | null;
  readonly labels?: readonly string[] | null;
  readonly dataset?: string | null;
  readonly preset?: string | null;
}

export interface ListOptions {
  readonly projectId: string;
  readonly first: number;
  /** Id of the last run of the page before. */
  readonly after: string | null;
  readonly filter?: RunFilter | null;
}

/** A page of the runs of a project that pass the filter; empty where the viewer may not see the project. */
export async function listRuns(
  g: Pick<Ganway, 'store'>,
  viewer: Viewer,
  { projectId, first, after, filter }: ListOptions,
): Promise<{ readonly runs: readonly Snapshot[]; readonly hasNext: boolean }> {
  if (!sees(viewer, projectId)) return { runs: [], hasNext: false };
  const prefix = keys.indexOfRuns(projectId);
  const runs: Snapshot[] = [];
  let startAfter: string | null = after === null ? '' : keys.index(after);
  while (startAfter !== null && runs.length <= first) {
    const page = await g.store.list(prefix, { limit: Math.min(1000, first + 1), ...(startAfter && { startAfter }) });
    const loaded = await Promise.all(page.objects.map((object) => loadRun(g, object.key.slice(prefix.length))));
    runs.push(...loaded.filter((run) => run !== null).filter((run) => passes(run, filter ?? {})));
    startAfter = page.next;
  }
  return { runs: runs.slice(0, first), hasNext: runs.length > first };
}

/** The name people gave a run last, or the one it was launched with. */
export function nameOf({ file, state }: Snapshot): string | null {
  return state.name === undefined ? file.name : state.name;
}

function passes(run: Snapshot, filter: RunFilter): boolean {
  const { spec } = run.file;
  const name = nameOf(run) ?? '';
  return (
    (filter.phases == null || filter.phases.includes(run.state.phase)) &&
    (filter.tasks == null || filter.tasks.includes(spec.task)) &&
    (filter.nameContains == null || name.toLowerCase().includes(filter.nameContains.toLowerCase())) &&
    (filter.labels == null || filter.labels.every((label) => run.state.labels.includes(label))) &&
    (filter.dataset == null || ('dataset' in spec && spec.dataset.id === filter.dataset)) &&
    (filter.preset == null || (spec.task === 'TRAIN' && spec.preset === filter.preset))
  );
}

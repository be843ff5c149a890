/** Runs whose phase can still change: found by their markers, without looking at the settled ones. */
import type { Ganway } from '../ganway.ts';
import { keys } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import { loadRun, type Snapshot } from './load.ts';
import { isTerminal } from './state.ts';

/** Ids with a marker, newest first; a few may have ended since. */
export async function openRunIds(g: Pick<Ganway, 'store'>, projectId: string): Promise<string[]> {
  const prefix = keys.openRuns(projectId);
  return (await listAll(g.store, prefix)).map((object) => object.key.slice(prefix.length));
}

/** How many runs of a project are open. Markers are only looked behind where their number comes near the limit. */
export async function countOpenRuns(g: Ganway, projectId: string): Promise<number> {
  const ids = await openRunIds(g, projectId);
  if (ids.length < g.settings.maxOpenRuns) return ids.length;
  const runs = await Promise.all(ids.map((id) => loadRun(g, id)));
  return runs.filter((run): run is Snapshot => run !== null && !isTerminal(run.state.phase)).length;
}

/** Runs as a viewer may see and change them: "missing" and "forbidden" have one answer. */
import { type Denied, permit, sees } from '../access/permit.ts';
import type { Ganway, Role, Viewer } from '../ganway.ts';
import { projectOfRun } from '../storage/keys.ts';
import { loadRun, type Snapshot } from './load.ts';

/** The run, or null where there is none that the viewer may see. */
export async function loadVisibleRun(g: Pick<Ganway, 'store'>, viewer: Viewer, id: string): Promise<Snapshot | null> {
  return sees(viewer, projectOfRun(id)) ? loadRun(g, id) : null;
}

/** The run, where the viewer has at least the role `needed` in its project. */
export async function loadRunFor(
  g: Pick<Ganway, 'store'>,
  viewer: Viewer,
  id: string,
  needed: Role,
): Promise<{ readonly kind: 'permitted'; readonly run: Snapshot } | Denied> {
  const run = await loadVisibleRun(g, viewer, id);
  if (!run) return { kind: 'notFound', message: `There is no run "${id}".` };
  const permitted = permit(viewer, projectOfRun(id), needed);
  return permitted.kind === 'permitted' ? { kind: 'permitted', run } : permitted;
}

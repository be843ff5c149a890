/** Runs as a viewer may see them: "missing" and "forbidden" have one answer. */
import type { Ganway, Viewer } from '../ganway.ts';
import { projectOfRun } from '../storage/keys.ts';
import { loadRun, type Snapshot } from './load.ts';

/** The run, or null where there is none that the viewer may see. */
export async function loadVisibleRun(g: Pick<Ganway, 'store'>, viewer: Viewer, id: string): Promise<Snapshot | null> {
  const isTheirs = viewer.projects.some((project) => project.id === projectOfRun(id));
  return isTheirs ? loadRun(g, id) : null;
}

/** Runs as a viewer may see them: "missing" and "forbidden" have one answer. */
import type { Ganway, Viewer } from '../ganway.ts';
import { projectOfRun } from '../storage/keys.ts';
import { loadRun, type Snapshot } from './load.ts';

/** The run, or null where there is none that the viewer may see. */
export async function loadVisibleRun(g: Ganway, viewer: Viewer, id: string): Promise<Snapshot | null> {
  return maySee(viewer, id) ? loadRun(g, id) : null;
}

/** True where the run's project is one of the viewer's. */
export function maySee(viewer: Viewer, runId: string): boolean {
  return viewer.projects.some((project) => project.id === projectOfRun(runId));
}

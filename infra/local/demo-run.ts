/** The small run that a fresh home begins with, so that there is something to see. */
import type { Ganway, Viewer } from '../../graph/ganway.ts';
import { launchTraining } from '../../graph/run/launch.ts';
import { listRuns } from '../../graph/run/list.ts';

/** About two minutes on two cores. */
const DEMO_KIMG = 60;

/** Launches the demo where the home has no run yet. Returns its id, or null where there was nothing to do. */
export async function launchDemo(g: Ganway, viewer: Viewer): Promise<string | null> {
  const { runs } = await listRuns(g, viewer, { projectId: g.settings.defaultProject, first: 1, after: null });
  if (runs.length > 0) return null;
  const training = { preset: 'r3gan', dataset: 'digits', kimg: DEMO_KIMG, name: 'First run: digits' };
  const outcome = await launchTraining(g, viewer, { idempotencyKey: 'ganway-demo', training });
  return outcome.kind === 'launched' ? outcome.run.file.runId : null;
}

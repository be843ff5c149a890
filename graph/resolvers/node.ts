/** Finds anything by its id alone. */
import { projectOf } from '../access/permit.ts';
import { loadHistory } from '../run/history.ts';
import { parseNodeId } from '../storage/ids.ts';
import type { Context } from './context.ts';
import type { ResolversTypes } from './types.gen.ts';

type Node = Awaited<ResolversTypes['Node']>;

/** The thing of an id, or null where there is none that the viewer may see. */
export async function findNode(id: string, { g, viewer, loaders }: Context): Promise<Node | null> {
  const ref = parseNodeId(id);
  if (ref === null) return null;
  if (ref.kind === 'name') {
    const project = projectOf(viewer, ref.name);
    if (project) return { __typename: 'Project', ...project };
    const dataset = await loaders.dataset.load(ref.name);
    return dataset && { __typename: 'Dataset', ...dataset };
  }
  const snapshot = await loaders.run.load(ref.runId);
  if (snapshot === null) return null;
  if (ref.kind === 'run') return { __typename: 'Run', ...snapshot };
  const isRef = (item: { step: number; attempt: number }): boolean =>
    item.step === ref.step && item.attempt === ref.attempt;
  if (ref.kind === 'checkpoint') {
    const checkpoint = snapshot.state.checkpoints.find(isRef);
    return checkpoint ? { __typename: 'Checkpoint', runId: ref.runId, checkpoint } : null;
  }
  const history = await loadHistory(g, ref.runId);
  const sample = history?.samples.find((item) => isRef(item) && item.set === ref.set);
  return sample ? { __typename: 'SampleSheet', runId: ref.runId, sample } : null;
}

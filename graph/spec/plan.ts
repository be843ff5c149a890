/** What a launch would do, without doing it: loads the data set and the checkpoint an input names and resolves the spec. */
import { knownDatasetIds, loadDataset } from '../datasets/load.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { findCheckpoint } from '../run/find-checkpoint.ts';
import type { TrainingInput } from './input.ts';
import { type Resolved, resolveTraining } from './resolve.ts';
import type { PinnedDataset } from './spec.ts';

/** The resolved training of an input; `root` is the path of the training within the whole input. */
export async function planTraining(
  g: Ganway,
  viewer: Viewer,
  input: TrainingInput,
  root: readonly string[] = [],
): Promise<Resolved> {
  const [loaded, source] = await Promise.all([
    loadDataset(g, viewer, input.dataset),
    input.startFrom ? findCheckpoint(g, viewer, input.startFrom.checkpoint) : null,
  ]);
  const dataset: PinnedDataset | null = loaded && {
    id: loaded.manifest.id,
    digest: loaded.digest,
    name: loaded.manifest.name,
    images: loaded.manifest.images,
    width: loaded.manifest.width,
    height: loaded.manifest.height,
    channels: loaded.manifest.channels,
    classes: loaded.manifest.classes,
  };
  return resolveTraining(input, {
    root,
    dataset,
    source,
    datasetIds: dataset ? [] : await knownDatasetIds(g, viewer),
    settings: g.settings,
    memoryMb: g.memoryMb,
    learned: g.learned,
    whyWholeBatch: g.whyWholeBatch,
  });
}

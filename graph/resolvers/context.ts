/** What every resolver is given: the domain's surroundings, who asks, and loaders that live for one operation. */
import DataLoader from 'dataloader';
import { loadDataset } from '../datasets/load.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { linkTo } from '../run/link.ts';
import type { Snapshot } from '../run/load.ts';
import { loadVisibleRun } from '../run/visible.ts';
import type { SignedUrl } from '../storage/ports.ts';
import { type DatasetModel, datasetModel } from './models.ts';

export interface Context {
  readonly g: Ganway;
  readonly viewer: Viewer;
  /** Scheme and host the client used, for links; e.g. `http://127.0.0.1:4000`. */
  readonly origin: string;
  readonly loaders: Loaders;
}

/** Each thing is read once an operation, and only where the viewer may see it. */
export interface Loaders {
  readonly run: DataLoader<string, Snapshot | null>;
  readonly dataset: DataLoader<string, DatasetModel | null>;
  /** Links by the key of their object. */
  readonly link: DataLoader<string, SignedUrl>;
}

/** A fresh context: one for each operation over HTTP, one for each round of delivery. */
export function createContext(g: Ganway, viewer: Viewer, origin: string): Context {
  return {
    g,
    viewer,
    origin,
    loaders: {
      run: new DataLoader((ids) => Promise.all(ids.map((id) => loadVisibleRun(g, viewer, id)))),
      dataset: new DataLoader((ids) =>
        Promise.all(
          ids.map(async (id) => {
            const loaded = await loadDataset(g, viewer, id);
            return loaded && datasetModel(loaded);
          }),
        ),
      ),
      link: new DataLoader((keys) => Promise.all(keys.map((key) => linkTo(g, viewer, key, origin)))),
    },
  };
}

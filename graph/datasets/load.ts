/** Loads and lists data sets by their manifests; manifests never change, so each is read once. */
import { LRUCache } from 'lru-cache';
import { sees } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { type DatasetManifest, parseManifest } from '../spec/dataset.ts';
import { decodeJson, sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import { perStore } from '../storage/per-store.ts';
import type { ObjectStore } from '../storage/ports.ts';

export interface LoadedDataset {
  readonly manifest: DatasetManifest;
  /** sha256 of the manifest's bytes: what a spec pins. */
  readonly digest: string;
}

/** Shape of data set ids: `digits`, or `<project>-<name>-<random>`. */
const DATASET_ID = /^[a-z][a-z0-9]{0,31}(-[a-z0-9-]{1,64})?$/;

const cacheOf = perStore(() => new LRUCache<string, LoadedDataset>({ max: 500 }));

/** The data set of an id, or null where there is none that the viewer may see. */
export async function loadDataset(g: Ganway, viewer: Viewer, id: string): Promise<LoadedDataset | null> {
  if (!DATASET_ID.test(id)) return null;
  const [projectId = ''] = id.split('-');
  const visible = !id.includes('-') || sees(viewer, projectId);
  return visible ? readManifest(g.store, id) : null;
}

async function readManifest(store: ObjectStore, id: string): Promise<LoadedDataset | null> {
  const cached = cacheOf(store).get(id);
  if (cached) return cached;
  const object = await store.get(keys.datasetManifest(id));
  if (object === null) return null;
  const loaded = { manifest: parseManifest(decodeJson(object.body)), digest: sha256(object.body) };
  cacheOf(store).set(id, loaded);
  return loaded;
}

/** A page of the data sets a project can use: the built-in ones first, then its own by name; empty where the viewer may not see it. */
export async function listDatasets(
  g: Ganway,
  viewer: Viewer,
  { projectId, first, after }: { readonly projectId: string; readonly first: number; readonly after: string | null },
): Promise<{ readonly datasets: readonly LoadedDataset[]; readonly hasNext: boolean }> {
  if (!sees(viewer, projectId)) return { datasets: [], hasNext: false };
  const [shared, own] = await Promise.all([
    datasetIdsBelow(g.store, keys.sharedDatasets),
    datasetIdsBelow(g.store, keys.datasets(projectId)),
  ]);
  // An id that lies in the wrong folder leads to another one's data, or nowhere.
  const ids = [...shared.filter((id) => !id.includes('-')), ...own.filter((id) => id.startsWith(`${projectId}-`))];
  const rest = ids.filter((id) => after === null || sortKey(id) > sortKey(after));
  const loaded = await Promise.all(rest.slice(0, first).map((id) => readManifest(g.store, id)));
  return { datasets: loaded.filter((dataset) => dataset !== null), hasNext: rest.length > first };
}

/** Built-in ones first. It is the id itself that a page goes on after, so that the set it names may be gone by then. */
const sortKey = (id: string): string => (id.includes('-') ? `1${id}` : `0${id}`);

/** Ids of the complete data sets below a folder: those with a manifest. */
async function datasetIdsBelow(store: ObjectStore, prefix: string): Promise<string[]> {
  const objects = await listAll(store, prefix);
  return objects.flatMap(({ key }) => /^([^/]+)\/manifest\.json$/.exec(key.slice(prefix.length))?.[1] ?? []);
}

/** Every id a viewer could have meant. */
export async function knownDatasetIds(g: Ganway, viewer: Viewer): Promise<string[]> {
  const folders = [keys.sharedDatasets, ...viewer.projects.map((project) => keys.datasets(project.id))];
  return (await Promise.all(folders.map((folder) => datasetIdsBelow(g.store, folder)))).flat();
}

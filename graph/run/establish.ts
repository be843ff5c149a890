/** Makes the run of an intent exist, from wherever an earlier caller left it; knows no queue. */
import * as v from 'valibot';
import type { Ganway } from '../ganway.ts';
import { decodeJson, encodeJson, JSON_TYPE } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { findIntent, type Intent } from './intent.ts';
import type { Snapshot } from './load.ts';
import { requestFirstLaunch } from './submit.ts';

const markerFile = v.object({ intent: v.string() });

/**
 * Marker first, then the rest, then the first event: no run is without a marker, and one that breaks off in between is
 * found by its marker and finished by what that names.
 *
 * @param from the run as it begins, where nobody can have told of it yet
 */
export async function establish(g: Ganway, { key, file }: Intent, from?: Snapshot): Promise<Snapshot> {
  const { runId } = file;
  await g.store.create(keys.open(runId), encodeJson({ v: 1, intent: key }), JSON_TYPE);
  await Promise.all([
    g.store.create(keys.index(runId), new Uint8Array()),
    g.store.create(keys.spec(runId), encodeJson(file), JSON_TYPE),
  ]);
  return requestFirstLaunch(g, file, from);
}

/** The intent that the marker of a run names; null where it names none: a marker that was put back has no need to. */
export async function intentOfMarker(g: Pick<Ganway, 'store'>, runId: string): Promise<Intent | null> {
  const marker = await g.store.get(keys.open(runId));
  if (!marker || marker.body.length === 0) return null;
  return findIntent(g.store, v.parse(markerFile, decodeJson(marker.body)).intent);
}

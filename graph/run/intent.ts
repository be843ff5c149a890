/** The intent behind an idempotency key: written once, so that the same key is the same run, however often it is sent. */
import * as v from 'valibot';
import { type SpecFile, specFile } from '../spec/spec.ts';
import { canonicalJson, decodeJson, encodeJson, JSON_TYPE, sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';

const intentFile = v.object({
  v: v.literal(1),
  /** Hash of the canonical input, not of the resolved spec: defaults may change between two sendings. */
  inputHash: v.string(),
  file: specFile,
});

export interface Intent {
  /** Of its object: what a marker names it by. */
  readonly key: string;
  readonly inputHash: string;
  readonly file: SpecFile;
}

export interface IntentKey {
  readonly projectId: string;
  readonly owner: string;
  readonly idempotencyKey: string;
}

/** Key of the object of an intent. */
export const intentKey = ({ projectId, owner, idempotencyKey }: IntentKey): string =>
  keys.launchIntent(projectId, sha256(`${owner}\n${idempotencyKey}`));

export function hashInput(input: unknown): string {
  return sha256(canonicalJson(input));
}

/** The intent in the object of a key, or null. */
export async function findIntent(store: ObjectStore, key: string): Promise<Intent | null> {
  const object = await store.get(key);
  if (!object) return null;
  const { inputHash, file } = v.parse(intentFile, decodeJson(object.body));
  return { key, inputHash, file };
}

/** Records an intent unless the key has one already; returns the one that holds, and whether it is ours. */
export async function recordIntent(
  store: ObjectStore,
  intent: Intent,
): Promise<{ readonly intent: Intent; readonly ours: boolean }> {
  const { key, ...content } = intent;
  const written = await store.create(key, encodeJson({ v: 1, ...content }), JSON_TYPE);
  if (written.outcome !== 'taken') return { intent, ours: true };
  return { intent: (await findIntent(store, key)) ?? intent, ours: false };
}

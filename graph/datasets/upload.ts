/** Uploads: a link to put one file to, and the record of what was promised; the file counts once a task names it. */
import * as v from 'valibot';
import { type Denied, permit } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { collector, type Issue } from '../spec/issues.ts';
import { NAME_LENGTH } from '../spec/resolve.ts';
import { decodeJson, encodeJson, JSON_TYPE } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { newId } from '../storage/new-id.ts';
import type { SignedUpload } from '../storage/ports.ts';

/** Largest file of an upload, bytes. */
export const MAX_UPLOAD = 512 * 2 ** 20;

const uploadRecord = v.object({
  v: v.literal(1),
  id: v.string(),
  name: v.string(),
  bytes: v.number(),
  sha256: v.string(),
});
export type UploadRecord = v.InferOutput<typeof uploadRecord>;

export interface UploadInput {
  readonly project?: string | null;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type UploadOutcome =
  | { readonly kind: 'created'; readonly id: string; readonly upload: SignedUpload }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | Denied;

export async function createUpload(
  g: Ganway,
  viewer: Viewer,
  input: UploadInput,
  origin: string,
): Promise<UploadOutcome> {
  const permitted = permit(viewer, input.project, 'RUNNER');
  if (permitted.kind !== 'permitted') return permitted;
  const { project } = permitted;
  const check = collector([]);
  if (input.name.trim() === '') check.add(['name'], 'REQUIRED', 'name must say what the file is called.');
  if (input.name.length > NAME_LENGTH)
    check.add(['name'], 'TOO_LONG', `name must have at most ${NAME_LENGTH} characters.`);
  check.number(['bytes'], input.bytes, { fallback: 1, min: 1, max: MAX_UPLOAD, integer: true });
  if (!/^[0-9a-f]{64}$/.test(input.sha256)) {
    check.add(['sha256'], 'MALFORMED', 'sha256 must be the hash of the file as 64 lower-case hexadecimal digits.');
  }
  if (check.issues.length > 0) return { kind: 'invalid', issues: check.issues };
  const id = newId(g, project.id);
  const { name, bytes, sha256 } = input;
  const record: UploadRecord = { v: 1, id, name, bytes, sha256 };
  await g.store.create(keys.uploadRecord(project.id, id), encodeJson(record), JSON_TYPE);
  const upload = await g.signer.write(keys.upload(project.id, id), { bytes, sha256 }, origin);
  return { kind: 'created', id, upload };
}

/** The record of an upload, and whether its file has arrived whole; null where there is no such upload. */
export async function loadUpload(
  g: Ganway,
  projectId: string,
  id: string,
): Promise<{ readonly record: UploadRecord; readonly key: string; readonly arrived: boolean } | null> {
  if (!/^[a-z0-9]+-[a-z0-9]+$/.test(id)) return null;
  const object = await g.store.get(keys.uploadRecord(projectId, id));
  if (object === null) return null;
  const record = v.parse(uploadRecord, decodeJson(object.body));
  const key = keys.upload(projectId, id);
  const file = await g.store.head(key);
  return { record, key, arrived: file?.size === record.bytes };
}

/** API keys, by which machines prove who they are: one project, one role, a secret that only its holder has; knows no header. */
import { timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { Ganway, Role, Viewer } from '../ganway.ts';
import { collector, type Issue } from '../spec/issues.ts';
import { NAME_LENGTH } from '../spec/resolve.ts';
import { decodeJson, encodeJson, JSON_TYPE, sha256 } from '../storage/json.ts';
import { keys, projectOfRun, RUN_ID } from '../storage/keys.ts';
import { listAll } from '../storage/list-all.ts';
import { newId } from '../storage/new-id.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { type Denied, permit } from './permit.ts';

/** Most keys of a project, so that they fit into one list. */
export const MAX_KEYS = 100;
/** Bytes of a secret. It is random, so that a plain hash of it is as good as one that takes long. */
const SECRET_BYTES = 32;
const TOKEN = /^gw_([a-z][a-z0-9]{0,31}-[a-z0-9]{18})_([A-Za-z0-9_-]{43})$/;
/** Made as the ids of runs are. */
const KEY_ID = RUN_ID;
const KEY_VIEWER = 'key:';

const keyRecord = v.object({
  v: v.literal(1),
  /** `<project>-<inverted time><random>`. */
  id: v.string(),
  name: v.string(),
  role: v.picklist(['VIEWER', 'RUNNER', 'ADMIN']),
  /** SHA-256 of the secret in hex; the secret itself is kept nowhere. */
  secretSha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  createdBy: v.string(),
  createdAt: v.string(),
  /** Null for a key that is good until it is revoked. */
  expiresAt: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
});
export type ApiKey = v.InferOutput<typeof keyRecord>;

export interface CreateKeyInput {
  readonly project?: string | null;
  /** What it is for. */
  readonly name: string;
  readonly role: Role;
  readonly expiresAt?: Date | null;
}

export type CreateKeyOutcome =
  /** `token` is `gw_<id>_<secret>`. It is in no other answer and in no object. */
  | { readonly kind: 'created'; readonly key: ApiKey; readonly token: string }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | Denied;

/** Makes a key; for ADMINs. */
export async function createApiKey(g: Ganway, viewer: Viewer, input: CreateKeyInput): Promise<CreateKeyOutcome> {
  const permitted = permit(viewer, input.project, 'ADMIN');
  if (permitted.kind !== 'permitted') return permitted;
  const { project } = permitted;
  const check = collector([]);
  if (input.name.trim() === '') check.add(['name'], 'REQUIRED', 'name must say what the key is for.');
  if (input.name.length > NAME_LENGTH) {
    check.add(['name'], 'TOO_LONG', `name must have at most ${NAME_LENGTH} characters; it has ${input.name.length}.`);
  }
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt && expiresAt <= g.now()) check.add(['expiresAt'], 'OUT_OF_RANGE', 'expiresAt must be in the future.');
  const used = (await listAll(g.store, keys.apiKeys(project.id))).length;
  if (used >= MAX_KEYS) {
    check.add(['project'], 'OUT_OF_RANGE', `A project has at most ${MAX_KEYS} API keys. Revoke one that is not used.`);
  }
  if (check.issues.length > 0) return { kind: 'invalid', issues: check.issues };
  const secret = Buffer.from(g.random(SECRET_BYTES)).toString('base64url');
  const key: ApiKey = {
    v: 1,
    id: newId(g, project.id),
    name: input.name,
    role: input.role,
    secretSha256: sha256(secret),
    createdBy: viewer.id,
    createdAt: g.now().toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  };
  await g.store.create(keys.apiKey(project.id, key.id), encodeJson(key), JSON_TYPE);
  return { kind: 'created', key, token: `gw_${key.id}_${secret}` };
}

/** The keys of a project, newest first; for ADMINs. */
export async function listApiKeys(
  g: Pick<Ganway, 'store'>,
  viewer: Viewer,
  projectId: string | null | undefined,
): Promise<{ readonly kind: 'listed'; readonly keys: readonly ApiKey[] } | Denied> {
  const permitted = permit(viewer, projectId, 'ADMIN');
  if (permitted.kind !== 'permitted') return permitted;
  const objects = await listAll(g.store, keys.apiKeys(permitted.project.id));
  const found = await Promise.all(objects.map(({ key }) => readKey(g.store, key)));
  return { kind: 'listed', keys: found.filter((key) => key !== null) };
}

/** Ends a key for good; for ADMINs. What it has begun goes on. */
export async function revokeApiKey(
  g: Pick<Ganway, 'store'>,
  viewer: Viewer,
  id: string,
): Promise<{ readonly kind: 'revoked'; readonly id: string } | Denied> {
  const missing = { kind: 'notFound', message: `There is no API key "${id}".` } as const;
  const permitted = permit(viewer, projectOfRun(id), 'ADMIN');
  if (permitted.kind === 'forbidden') return permitted;
  if (permitted.kind !== 'permitted' || (await loadApiKey(g.store, id)) === null) return missing;
  await g.store.remove(keys.apiKey(permitted.project.id, id));
  return { kind: 'revoked', id };
}

/** The key of an id; null where there is none, or none any more. */
export async function loadApiKey(store: ObjectStore, id: string): Promise<ApiKey | null> {
  if (!KEY_ID.test(id)) return null;
  const key = await readKey(store, keys.apiKey(projectOfRun(id), id));
  return key?.id === id ? key : null;
}

async function readKey(store: ObjectStore, key: string): Promise<ApiKey | null> {
  const object = await store.get(key);
  return object && v.parse(keyRecord, decodeJson(object.body));
}

/** What a token is made of; null for what no token looks like. */
export function parseApiKey(token: string): { readonly id: string; readonly secret: string } | null {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** Whether a secret is that of a key. Takes as long for a wrong one as for the right one. */
export function isSecretOf({ secretSha256 }: ApiKey, secret: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(secret), 'hex'), Buffer.from(secretSha256, 'hex'));
}

/** Id of the key that a viewer is; null for viewers that are none. */
export function keyIdOf(viewerId: string): string | null {
  const id = viewerId.startsWith(KEY_VIEWER) ? viewerId.slice(KEY_VIEWER.length) : '';
  return KEY_ID.test(id) ? id : null;
}

/** The viewer that a key makes of its holder; null once it has expired. */
export function viewerOfKey({ id, name, role, expiresAt }: ApiKey, now: Date): Viewer | null {
  const project = projectOfRun(id);
  const viewer: Viewer = { id: `${KEY_VIEWER}${id}`, name, projects: [{ id: project, name: project, role }] };
  if (expiresAt === null) return viewer;
  return Date.parse(expiresAt) > now.getTime() ? { ...viewer, expiresAt: new Date(expiresAt) } : null;
}

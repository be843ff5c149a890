/** People and their roles: one object a person, named by the subject of their tokens; knows no token. */
import * as v from 'valibot';
import type { Ganway, Role, Viewer } from '../ganway.ts';
import { collector, type Issue } from '../spec/issues.ts';
import { decodeJson, encodeJson, JSON_TYPE, sha256 } from '../storage/json.ts';
import { keys, PROJECT_ID } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';
import { type Denied, permit } from './permit.ts';

/** Most characters of a subject, as OpenID Connect Core 1.0 has it, section 2. */
const SUBJECT_LENGTH = 255;
const PERSON_VIEWER = 'user:';

const personRecord = v.object({
  v: v.literal(1),
  /** The `sub` of their tokens. */
  subject: v.string(),
  /** Role by project. */
  projects: v.record(v.pipe(v.string(), v.regex(PROJECT_ID)), v.picklist(['VIEWER', 'RUNNER', 'ADMIN'])),
});
type PersonRecord = v.InferOutput<typeof personRecord>;

export const viewerIdOf = (subject: string): string => `${PERSON_VIEWER}${subject}`;

/** Subject of the person that a viewer is; null for viewers that are none. */
export function subjectOf(viewerId: string): string | null {
  const subject = viewerId.startsWith(PERSON_VIEWER) ? viewerId.slice(PERSON_VIEWER.length) : '';
  return subject.length > 0 && subject.length <= SUBJECT_LENGTH ? subject : null;
}

const keyOf = (subject: string): string => keys.person(sha256(subject));

async function readPerson(store: ObjectStore, subject: string) {
  const object = await store.get(keyOf(subject));
  if (object === null) return null;
  const person = v.parse(personRecord, decodeJson(object.body));
  return { etag: object.etag, projects: person.subject === subject ? person.projects : {} };
}

/** A person as a viewer, with the projects that let them in by now; one GET. */
export async function loadPerson(store: ObjectStore, subject: string): Promise<Viewer> {
  const { projects = {} } = (await readPerson(store, subject)) ?? {};
  return {
    id: viewerIdOf(subject),
    name: subject,
    projects: Object.entries(projects).map(([id, role]) => ({ id, name: id, role })),
  };
}

export interface SetMemberInput {
  readonly project?: string | null;
  /** Id of the viewer, as they see it themselves. */
  readonly user: string;
  /** Null takes them out. */
  readonly role?: Role | null;
}

export type SetMemberOutcome =
  | { readonly kind: 'set'; readonly user: string; readonly role: Role | null }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | Denied;

/** Lets a person into a project, changes their role there, or takes them out; for ADMINs. */
export async function setMember(
  g: Pick<Ganway, 'store'>,
  viewer: Viewer,
  { project: projectId, user, role = null }: SetMemberInput,
): Promise<SetMemberOutcome> {
  const permitted = permit(viewer, projectId, 'ADMIN');
  if (permitted.kind !== 'permitted') return permitted;
  const { project } = permitted;
  const check = collector([]);
  const subject = subjectOf(user);
  if (subject === null) {
    check.add(['user'], 'MALFORMED', `user must be the id that viewer { id } shows its owner, "${PERSON_VIEWER}…".`);
  }
  // Whoever is left is an ADMIN, so that a project is never without one.
  if (user === viewer.id) check.add(['user'], 'MALFORMED', 'You cannot change your own role; another ADMIN can.');
  if (subject === null || check.issues.length > 0) return { kind: 'invalid', issues: check.issues };
  for (;;) {
    const before = await readPerson(g.store, subject);
    const { [project.id]: _past, ...others } = before?.projects ?? {};
    const projects = role === null ? others : { ...others, [project.id]: role };
    const record = encodeJson({ v: 1, subject, projects } satisfies PersonRecord);
    const written = before
      ? await g.store.replace(keyOf(subject), record, before.etag, JSON_TYPE)
      : await g.store.create(keyOf(subject), record, JSON_TYPE);
    if (written.outcome !== 'stale' && written.outcome !== 'taken') return { kind: 'set', user, role };
  }
}

/** Who is behind a request, a ticket or an id, the same for HTTP, sockets and delivery; believes only what it has checked. */
import { LRUCache } from 'lru-cache';
import { type ApiKey, isSecretOf, keyIdOf, loadApiKey, parseApiKey, viewerOfKey } from '../graph/access/api-keys.ts';
import { loadPerson, subjectOf } from '../graph/access/members.ts';
import { redeemTicket } from '../graph/access/tickets.ts';
import type { Ganway, Viewer } from '../graph/ganway.ts';
import type { VerifyToken } from '../infra/clients/oidc.ts';
import { header } from './socket-event.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Each throws where it cannot be found out now: then nobody is let in either. */
export interface Identity {
  /** The viewer that the headers of a request prove; null where they prove none. */
  readonly authenticate: (headers?: Headers) => Promise<Viewer | null>;
  /** The viewer that a ticket was given to, at its first use; null at any other. */
  readonly redeem: (ticket: string) => Promise<Viewer | null>;
  /** The viewer of an id as of now; null where there is none any more. */
  readonly viewer: (id: string) => Promise<Viewer | null>;
}

export interface IdentityOptions {
  readonly g: Pick<Ganway, 'store' | 'now'>;
  /** Whoever comes without a token; null where that is nobody. */
  readonly user: Viewer | null;
  /** Checks the tokens of people; null where there are none. */
  readonly verify: VerifyToken | null;
  /** Subjects of those who are ADMIN of a project whatever else is said of them. */
  readonly admins: { readonly subjects: readonly string[]; readonly project: string };
}

/** How long a role is believed without looking, milliseconds: a member taken out or a key revoked is in for that long. */
export const BELIEVED_MS = 30_000;
const REMEMBERED = 5_000;

export function openIdentity({ g, user, verify, admins }: IdentityOptions): Identity {
  const clock = { now: () => g.now().getTime() };
  const options = { max: REMEMBERED, ttl: BELIEVED_MS, ttlResolution: 0, perf: clock };
  const people = new LRUCache<string, Viewer>(options);
  const keys = new LRUCache<string, ApiKey>(options);

  const person = async (subject: string): Promise<Viewer> => {
    const known = people.get(subject) ?? withAdmin(await loadPerson(g.store, subject), subject);
    if (!people.has(subject)) people.set(subject, known);
    return known;
  };
  const withAdmin = (viewer: Viewer, subject: string): Viewer => {
    if (!admins.subjects.includes(subject)) return viewer;
    const others = viewer.projects.filter(({ id }) => id !== admins.project);
    return { ...viewer, projects: [{ id: admins.project, name: admins.project, role: 'ADMIN' }, ...others] };
  };
  const apiKey = async (id: string): Promise<ApiKey | null> => {
    const known = keys.get(id) ?? (await loadApiKey(g.store, id));
    // Of what is not there nothing is remembered: a key works from the moment it is made.
    if (known !== null && !keys.has(id)) keys.set(id, known);
    return known;
  };

  const viewer: Identity['viewer'] = async (id) => {
    if (id === user?.id) return user;
    const keyId = keyIdOf(id);
    if (keyId !== null) {
      const key = await apiKey(keyId);
      return key && viewerOfKey(key, g.now());
    }
    const subject = subjectOf(id);
    return subject !== null && verify !== null ? person(subject) : null;
  };

  return {
    viewer,
    authenticate: async (headers = {}) => {
      const given = header(headers, 'authorization');
      if (given === undefined) return user;
      const token = /^bearer +(\S+)$/i.exec(given.trim())?.[1];
      if (token === undefined) return null;
      const parsed = parseApiKey(token);
      if (parsed !== null) {
        const key = await apiKey(parsed.id);
        return key && isSecretOf(key, parsed.secret) ? viewerOfKey(key, g.now()) : null;
      }
      const claims = verify && (await verify(token));
      if (!claims) return null;
      const { name, expiresAt } = claims;
      return { ...(await person(claims.subject)), ...(name !== null && { name }), expiresAt };
    },
    redeem: async (ticket) => {
      const redeemed = await redeemTicket(g, ticket);
      const known = redeemed && (await viewer(redeemed.viewer));
      if (!known) return null;
      return redeemed.expiresAt === null ? known : { ...known, expiresAt: redeemed.expiresAt };
    },
  };
}

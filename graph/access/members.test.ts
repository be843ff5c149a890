import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, viewer, type World } from '../../functions/testing/world.ts';
import type { Viewer } from '../ganway.ts';
import { encodeJson, sha256 } from '../storage/json.ts';
import { keys } from '../storage/keys.ts';
import { loadPerson, type SetMemberInput, setMember, subjectOf, viewerIdOf } from './members.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const set = (input: SetMemberInput, as: Viewer = viewer) => setMember(world.g, as, input);
const rolesOf = async (subject: string) =>
  Object.fromEntries((await loadPerson(world.g.store, subject)).projects.map(({ id, role }) => [id, role]));

describe('a member', () => {
  it('is let in, has another role, and is out again', async () => {
    const user = viewerIdOf('auth0|bob');
    expect(await loadPerson(world.g.store, 'auth0|bob')).toEqual({ id: user, name: 'auth0|bob', projects: [] });
    for (const role of ['VIEWER', 'ADMIN'] as const) {
      expect(await set({ user, role })).toEqual({ kind: 'set', user, role });
      expect(await rolesOf('auth0|bob')).toEqual({ lab: role });
    }
    expect(await set({ user, role: null })).toEqual({ kind: 'set', user, role: null });
    expect(await rolesOf('auth0|bob')).toEqual({});
  });

  it('of other projects stays one there, also where two ADMINs write at once', async () => {
    const admins = ['lab', 'second', 'third', 'fourth'].map((id): Viewer => {
      return { id: 'ada', name: 'Ada', projects: [{ id, name: id, role: 'ADMIN' }] };
    });
    await Promise.all(admins.map((admin) => set({ user: 'user:carol', role: 'RUNNER' }, admin)));
    expect(await rolesOf('carol')).toEqual({ lab: 'RUNNER', second: 'RUNNER', third: 'RUNNER', fourth: 'RUNNER' });
    await set({ user: 'user:carol', role: null });
    expect(await rolesOf('carol')).toEqual({ second: 'RUNNER', third: 'RUNNER', fourth: 'RUNNER' });
  });

  it('is nobody who is no person, and never who asks: so a project keeps its last ADMIN', async () => {
    for (const user of ['carol', 'key:lab-000000000000000000', 'local', 'user:', `user:${'x'.repeat(256)}`]) {
      expect(await set({ user, role: 'VIEWER' })).toMatchObject({ kind: 'invalid', issues: [{ path: ['user'] }] });
    }
    const self: Viewer = { ...viewer, id: 'user:ada' };
    expect(await set({ user: 'user:ada', role: 'VIEWER' }, self)).toMatchObject({
      kind: 'invalid',
      issues: [{ message: 'You cannot change your own role; another ADMIN can.' }],
    });
  });

  it('has an object of its own, whatever characters the subject has', async () => {
    const subjects = ['a/b', 'a/../b', '../../x', 'ä', 'user:user:x', 'a\nb'];
    for (const subject of subjects) await set({ user: viewerIdOf(subject), role: 'VIEWER' });
    for (const subject of subjects) {
      expect(subjectOf(viewerIdOf(subject))).toBe(subject);
      expect(await rolesOf(subject)).toEqual({ lab: 'VIEWER' });
    }
    expect(await rolesOf('a')).toEqual({});
  });

  it.each([
    ['has a role that is none', { v: 1, subject: 'mallory', projects: { lab: 'OWNER' } }],
    ['has a project that is none', { v: 1, subject: 'mallory', projects: { 'la/b': 'ADMIN' } }],
    ['is of another time', { v: 2, subject: 'mallory', projects: { lab: 'ADMIN' } }],
  ])('whose object %s is let in nowhere', async (_what, record) => {
    await world.g.store.put(keys.person(sha256('mallory')), encodeJson(record));
    await expect(loadPerson(world.g.store, 'mallory')).rejects.toThrow();
  });

  it('has no role from an object that speaks of somebody else', async () => {
    const record = { v: 1, subject: 'ada', projects: { lab: 'ADMIN' } };
    await world.g.store.put(keys.person(sha256('mallory')), encodeJson(record));
    expect(await rolesOf('mallory')).toEqual({});
  });
});

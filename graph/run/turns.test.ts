import { describe, expect, it } from 'vitest';
import { openFileStore } from '../../infra/clients/file-store.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { nextTurn } from './turns.ts';

const open = () => {
  const store = openFileStore(temporaryFolder());
  const place = { prefix: 'list/', turnKey: 'turn.json' };
  return {
    store,
    add: (...names: string[]) => Promise.all(names.map((name) => store.create(`list/${name}`, new Uint8Array()))),
    next: (most: number) => nextTurn({ store }, { ...place, most }),
  };
};

describe('turns through a list', () => {
  it('come to everything, page by page, and begin again', async () => {
    const { add, next } = open();
    await add('a', 'b', 'c', 'd', 'e');
    expect(await next(2)).toEqual(['a', 'b']);
    expect(await next(2)).toEqual(['c', 'd']);
    expect(await next(2)).toEqual(['e']);
    expect(await next(2)).toEqual(['a', 'b']);
  });

  it('pass over nothing though names come and go in between', async () => {
    const { store, add, next } = open();
    await add('a', 'c', 'e');
    expect(await next(2)).toEqual(['a', 'c']);
    await store.remove('list/c');
    await add('b', 'd');
    expect(await next(2)).toEqual(['d', 'e']);
    expect(await next(2)).toEqual(['a', 'b']);
  });

  it('write nothing while one page holds everything', async () => {
    const { store, add, next } = open();
    await add('a', 'b');
    for (let call = 0; call < 2; call += 1) expect(await next(2)).toEqual(['a', 'b']);
    expect(await store.head('turn.json')).toBeNull();
  });

  it('begin at the start where what was kept cannot be read', async () => {
    const { store, add, next } = open();
    await add('a', 'b', 'c');
    await store.put('turn.json', Buffer.from('{"v":2}'));
    expect(await next(2)).toEqual(['a', 'b']);
    expect(await next(2)).toEqual(['c']);
  });

  it('do not stop where two callers come at once', async () => {
    const { add, next } = open();
    await add('a', 'b', 'c');
    const pages = await Promise.all([next(1), next(1)]);
    expect(pages.flat()).toContain('a');
    const rest = [await next(1), await next(1), await next(1)].flat();
    expect(new Set([...pages.flat(), ...rest])).toEqual(new Set(['a', 'b', 'c']));
  });
});

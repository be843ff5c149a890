import { expect, it } from 'vitest';
import { openStore } from '../../infra/clients/open-store.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { listAll } from './list-all.ts';
import type { ObjectStore } from './ports.ts';

it('goes on to the last page, whatever the size of one', async () => {
  const store = openStore({ GANWAY_EMBEDDED_STORE: temporaryFolder() });
  const names = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5'];
  for (const key of [...names, 'b/1']) await store.create(key, new Uint8Array());
  const small: ObjectStore = { ...store, list: (prefix, options) => store.list(prefix, { ...options, limit: 2 }) };
  expect((await listAll(small, 'a/')).map(({ key }) => key)).toEqual(names);
  expect(await listAll(small, 'c/')).toEqual([]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesOf, partOf } from './file-names.ts';

/**
 * Strings over few characters, so that keys share prefixes and touch every special case; some are longer than a name
 * may be.
 */
const keys = fc
  .array(fc.constantFrom('a', 'A', '.', '/', '~', '^', '%', '-', '\xff', 'x'.repeat(79), 'y'.repeat(80)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

const keyOf = (names: readonly string[]): string => names.map((name) => partOf(name)?.part).join('');

test('a path leads back to its key, by names that every file system can hold', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const names = namesOf(key);
      expect(keyOf(names)).toBe(key);
      expect(names.map((name) => partOf(name)?.folder)).toEqual(names.map((_, index) => index < names.length - 1));
      for (const name of names) {
        expect(name).toMatch(/^[a-z0-9%_^~-][a-z0-9%._^~-]{0,254}$/);
        expect(name).not.toMatch(/[/A-Z]|^\.|\.$/);
      }
    }),
  );
});

test('no object lies where another needs a folder', () => {
  fc.assert(
    fc.property(keys, keys, (one, other) => {
      fc.pre(one !== other);
      const [a, b] = [namesOf(one).join('/'), namesOf(other).join('/')];
      expect(a === b || b.startsWith(`${a}/`)).toBe(false);
    }),
  );
});

test('foreign files are no objects', () => {
  for (const name of ['.DS_Store', 'Thumbs.db', '~', '', '%zz', '%4', 'a b']) expect(partOf(name)).toBeNull();
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignClasses, type Origin } from './classes.ts';

const folder = (path: string): Origin => ({ kind: 'folder', folder: path });
const label = (number: number, classes: readonly string[]): Origin => ({ kind: 'label', label: number, classes });

describe('assignClasses', () => {
  it('keeps the numbers of labelled records, where one file lists fewer classes too', () => {
    const all = ['b', 'a', 'c'];
    expect(assignClasses([label(0, all), label(1, ['b', 'a'])])).toEqual({ classes: all, labels: [0, 1] });
  });

  it('sorts by name where records disagree, or lie beside folders', () => {
    const mixed = assignClasses([label(0, ['z', 'm']), folder('set/a'), folder('set/n')]);
    expect(mixed).toEqual({ classes: ['a', 'n', 'z'], labels: [2, 0, 1] });
    expect(assignClasses([label(0, ['z']), label(0, ['y'])])).toEqual({ classes: ['y', 'z'], labels: [1, 0] });
  });

  it('gives no labels where one image has none', () => {
    expect(assignClasses([label(0, ['z']), { kind: 'none' }])).toEqual({ classes: [], labels: [0, 0] });
  });

  it('gives every image the name of its folder, whatever lies in front and behind', () => {
    const name = fc.stringMatching(/^[a-z0-9 ]{1,4}$/);
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 3 }),
        fc.array(fc.tuple(name, fc.array(name, { maxLength: 2 })), { minLength: 2, maxLength: 12 }),
        (front, images) => {
          fc.pre(new Set(images.map(([first]) => first)).size > 1);
          const origins = images.map(([first, behind]) => folder([...front, first, ...behind].join('/')));
          const { classes, labels } = assignClasses(origins);
          expect(labels.map((number) => classes[number])).toEqual(images.map(([first]) => first));
          expect(classes).toEqual([...new Set(classes)].sort());
        },
      ),
    );
  });
});

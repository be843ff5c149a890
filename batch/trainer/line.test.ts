import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLine } from './line.ts';

describe('line', () => {
  it('does jobs one after the other, whatever time each takes', async () => {
    const line = createLine();
    const done: number[] = [];
    for (const turns of [5, 0, 3]) {
      await line.add(async () => {
        for (let i = 0; i < turns; i++) await setImmediate();
        done.push(turns);
      });
    }
    await line.done();
    expect(done).toEqual([5, 0, 3]);
  });

  it('makes its caller wait once too many jobs do', async () => {
    const line = createLine(1);
    let finish = () => {};
    const blocked = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await line.add(() => blocked);
    let added = false;
    const second = line
      .add(() => {})
      .then(() => {
        added = true;
      });
    await setImmediate();
    expect(added).toBe(false);
    finish();
    await second;
  });

  it('hands an error to whoever ends it and runs nothing after it', async () => {
    const line = createLine();
    let ran = false;
    await line.add(() => Promise.reject(new Error('disk full')));
    await line.add(() => {
      ran = true;
    });
    await expect(line.done()).rejects.toThrow('disk full');
    expect(ran).toBe(false);
  });
});

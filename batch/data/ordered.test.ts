import { expect, it } from 'vitest';
import { mapOrdered } from './ordered.ts';

/** Steps that end when told, in any order. */
function gates(count: number) {
  const opens: (() => void)[] = [];
  const promises = Array.from({ length: count }, () => new Promise<void>((resolve) => opens.push(resolve)));
  return { open: (n: number) => opens[n]?.(), wait: (n: number) => promises[n] };
}

it('keeps the order although later items end first', async () => {
  const gate = gates(3);
  const results = mapOrdered([0, 1, 2], 3, async (n) => {
    await gate.wait(n);
    return n * 10;
  });
  const all = collect(results);
  for (const n of [2, 1, 0]) gate.open(n);
  expect(await all).toEqual([0, 10, 20]);
});

it('never has more items under way than allowed', async () => {
  let running = 0;
  let most = 0;
  const results = mapOrdered(
    Array.from({ length: 20 }, (_, n) => n),
    3,
    async (n) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return n;
    },
  );
  expect(await collect(results)).toHaveLength(20);
  expect(most).toBe(3);
});

it('throws the first error in order and waits for what is under way before it does', async () => {
  const gate = gates(2);
  let ended = false;
  const results = mapOrdered([0, 1], 2, async (n) => {
    if (n === 0) throw new Error('broken');
    await gate.wait(1);
    ended = true;
    throw new Error('later');
  });
  const outcome = collect(results);
  gate.open(1);
  await expect(outcome).rejects.toThrow('broken');
  expect(ended).toBe(true);
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

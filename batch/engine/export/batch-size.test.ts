import { expect, test } from 'vitest';
import { batchSizeOf } from './batch-size.ts';

test('lengths have one node each, whoever asks, and every node comes after its inputs', () => {
  const batch = batchSizeOf({ ref: 'z:0', dtype: 'float32', shape: [7, 8] });
  const one = [{ times: 2 }, { value: 3 }];
  const asked = [one, [{ value: 2 }, { times: 3 }], [{ times: 2 }, { times: 3 }], [{ value: 3 }, { times: 2 }]];
  const vectors = asked.map((lengths) => batch.integers(lengths, 'vector'));
  const scalars = [{ times: 1 }, { times: 3 }, { value: 3 }].map((length) => batch.integers([length], 'scalar'));
  expect(new Set([...vectors, ...scalars]).size).toBe(7);
  const nodes = batch.take();
  const known = new Set(['z:0']);
  for (const { name, inputs } of nodes) {
    expect(inputs.filter((input) => !known.has(input))).toEqual([]);
    expect(known.has(name)).toBe(false);
    known.add(name);
  }
  expect([...vectors, ...scalars].filter((name) => !known.has(name))).toEqual([]);
  expect(batch.integers(one, 'vector')).toBe(vectors[0]);
  expect(batch.take()).toEqual([]);
});

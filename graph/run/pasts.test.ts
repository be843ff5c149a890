import { expect, it } from 'vitest';
import { createPasts } from './pasts.ts';

const past = (rows: number) => ({ metrics: Array.from({ length: rows }, () => 0), samples: [], checkpoints: [] });

it('forgets the runs that were not asked for longest when all rows together are too many, also when one has grown', () => {
  const pasts = createPasts(100);
  const growing = past(10);
  for (const runId of ['a', 'b', 'c']) pasts.keep(runId, past(20));
  pasts.keep('growing', growing);
  expect(pasts.get('a')).toBeDefined();
  growing.metrics.push(...past(50).metrics);
  pasts.keep('growing', growing);
  expect(pasts.get('b')).toBeUndefined();
  expect(pasts.get('c')).toBeUndefined();
  expect(pasts.get('a')).toBeDefined();
  expect(pasts.get('growing')).toBe(growing);
});

it('does not keep a run that is too large alone, nor what it was before', () => {
  const pasts = createPasts(100);
  const large = past(50);
  pasts.keep('large', large);
  large.metrics.push(...past(60).metrics);
  pasts.keep('large', large);
  expect(pasts.get('large')).toBeUndefined();
});

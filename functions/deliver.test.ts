import { expect, test } from 'vitest';
import type { Live } from '../graph/live/live.ts';
import { keys } from '../graph/storage/keys.ts';
import { makeDeliver } from './deliver.ts';

/** Delivery asks the store first whether anybody watches: that shows which runs it was asked for. */
function asking(fail: (prefix: string) => boolean = () => false) {
  const asked: string[] = [];
  const warnings: string[] = [];
  const list = async (prefix: string) => {
    asked.push(prefix);
    if (fail(prefix)) throw new Error('the storage is down');
    return { objects: [], next: null };
  };
  const warn = (message: string) => warnings.push(message);
  const live = { g: { store: { list } }, cache: new Map(), warn } as unknown as Live;
  return { asked, warnings, deliver: makeDeliver(live) };
}
const a = `lab-${'a'.repeat(18)}`;
const b = `lab-${'b'.repeat(18)}`;
const event = (...names: string[]) => ({ Records: names.map((key) => ({ s3: { object: { key } } })) });

test('each run that a journal segment is of is delivered once, whatever else changed', async () => {
  const { asked, deliver } = asking();
  await deliver(
    event(
      keys.segment(a, 1),
      encodeURIComponent(keys.segment(a, 2)),
      keys.segment(b, 1),
      keys.head(b),
      keys.sample(b, 1, 1, 'ema'),
      keys.lease(a),
      '%E0%A4%A',
    ),
  );
  expect(asked.sort()).toEqual([keys.live(a), keys.live(b)]);
});

test('a run that fails does not hinder the others, and a test event is nothing', async () => {
  const { asked, warnings, deliver } = asking((prefix) => prefix === keys.live(a));
  await deliver(event(keys.segment(a, 1), keys.segment(b, 1)));
  expect(asked).toHaveLength(2);
  expect(warnings).toEqual([expect.stringContaining(a)]);
  await deliver({});
  expect(asked).toHaveLength(2);
});

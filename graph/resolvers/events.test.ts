import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, dataOf, rewoundRun } from '../../functions/testing/asking.ts';
import { at, openWorld, type World } from '../../functions/testing/world.ts';
import { keys } from '../storage/keys.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const data = (source: string, variables?: Record<string, unknown>) => dataOf(world, source, variables);
const codeOf = (source: string, variables?: Record<string, unknown>) => codesOf(world, source, variables);
const rewound = () => rewoundRun(world);

describe('events', () => {
  const EVENTS = `query ($run: ID!, $first: Int, $after: String, $all: Boolean) { run(id: $run) { head
    events(first: $first, after: $after, includeSuperseded: $all) { since cursor hasMore run { phase }
      events { __typename ... on JournalEvent { cursor at attemptNumber }
        ... on MetricsLogged { step values { name value } } ... on SampleAdded { sheet { id step } }
        ... on CheckpointSealed { checkpoint { step } } ... on PhaseChanged { phase reason { code } }
        ... on AttemptStarted { attempt { number resumedFromStep device } } } } } }`;

  it('are the journal in order, each kind with its own fields', async () => {
    const run = await rewound();
    const { run: found } = await data(EVENTS, { run, first: 1000 });
    const { events, cursor, hasMore } = found.events;
    expect([cursor, hasMore]).toEqual([found.head, false]);
    expect(events.filter((event: { __typename: string }) => event.__typename === 'AttemptStarted')).toMatchObject([
      { attempt: { number: 1, resumedFromStep: null, device: 'CPU' } },
      { attempt: { number: 2, resumedFromStep: 30, device: 'CPU' } },
    ]);
    expect(events.at(-1)).toMatchObject({ __typename: 'SampleAdded', attemptNumber: 2, sheet: { step: 50 } });
    const cursors = events.map((event: { cursor: string }) => event.cursor);
    expect(cursors).toEqual([...new Set(cursors)].sort());
  });

  it('continue from any cursor without gap or double, with or without what was rewound', async () => {
    const run = await rewound();
    for (const all of [false, true]) {
      const whole = (await data(EVENTS, { run, first: 1000, all })).run.events.events;
      expect(
        whole.some((event: { attemptNumber: number; step?: number }) => event.attemptNumber === 1 && event.step === 40),
      ).toBe(all);
      const pieces: unknown[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const page: { since: string; cursor: string; hasMore: boolean; events: unknown[] } = (
          await data(EVENTS, { run, first: 2, after, all })
        ).run.events;
        if (after !== null) expect(page.since).toBe(after);
        pieces.push(...page.events);
        after = page.cursor;
        more = page.hasMore;
      }
      expect(pieces).toEqual(whole);
    }
  });

  it('are refused after what is no cursor of the run, and in pages that are too long', async () => {
    const run = await world.newRun();
    expect(await codeOf(EVENTS, { run, after: 'yesterday' })).toEqual([['BAD_USER_INPUT', ['after'], 'events']]);
    expect(await codeOf(EVENTS, { run, after: '0000000009.00000' })).toEqual([['BAD_USER_INPUT', ['after'], 'events']]);
    expect(await codeOf(EVENTS, { run, first: 1001 })).toEqual([['BAD_USER_INPUT', ['first'], 'events']]);
  });
});

describe('the log', () => {
  it('is read in pages over all attempts', async () => {
    const run = await world.newRun();
    const line = (text: string) => `${JSON.stringify({ at: at(0), text })}\n`;
    await world.g.store.put(keys.logChunk(run, 1, 1), Buffer.from(line('one') + line('two')));
    await world.g.store.put(keys.logChunk(run, 2, 1), Buffer.from(line('three')));
    const page = (args: string) =>
      data(`{ run(id: "${run}") { log(${args}) { lines { attempt text } cursor hasMore } } }`);
    const { log } = (await page('first: 2')).run;
    expect([log.lines, log.hasMore]).toEqual([
      [
        { attempt: 1, text: 'one' },
        { attempt: 1, text: 'two' },
      ],
      true,
    ]);
    expect((await page(`first: 2, after: "${log.cursor}"`)).run.log).toMatchObject({
      lines: [{ attempt: 2, text: 'three' }],
      hasMore: false,
    });
    expect(await codeOf(`{ run(id: "${run}") { log(after: "x") { cursor } } }`)).toEqual([
      ['BAD_USER_INPUT', ['after'], 'log'],
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../storage/keys.ts';
import { parseLogCursor, readLog } from './log.ts';
import { type Bench, openBench } from './testing/bench.ts';

const at = '2026-01-01T00:00:00.000Z';
let bench: Bench;
let runId: string;
/** As it was written, in order. */
const written: { attempt: number; text: string }[] = [];
const put = (attempt: number, chunk: number, lines: readonly string[]) =>
  bench.g.store.put(
    keys.logChunk(runId, attempt, chunk),
    new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')),
  );
beforeAll(async () => {
  bench = await openBench();
  runId = (await bench.newRun()).file.runId;
  for (const [attempt, chunks] of [
    [1, [3, 1, 5]],
    [2, [1]],
    [10, [4, 4]],
  ] as const) {
    for (const [index, count] of chunks.entries()) {
      const texts = Array.from({ length: count }, (_, line) => `${attempt}/${index + 1}/${line} naïve 画`);
      written.push(...texts.map((text) => ({ attempt, text })));
      await put(
        attempt,
        index + 1,
        texts.map((text) => JSON.stringify({ at, text })),
      );
    }
  }
});
afterAll(() => bench.close());

async function read(first: number) {
  const lines: { attempt: number; text: string }[] = [];
  let cursor: string | null = null;
  let pages = 0;
  for (let more = true; more; pages += 1) {
    const page = await readLog(bench.g, bench.viewer, runId, {
      first,
      after: cursor === null ? null : parseLogCursor(cursor),
    });
    if (!page) throw new Error('no log');
    lines.push(...page.lines.map(({ attempt, text }) => ({ attempt, text })));
    expect(page.lines.length).toBe(page.hasMore ? first : page.lines.length);
    more = page.hasMore;
    cursor = page.cursor;
  }
  return { lines, pages, cursor };
}

describe('the log of a run', () => {
  it('is every line in order, in pages of any length', async () => {
    for (const first of [1, 2, 3, 4, 9, 18, 1000]) {
      const { lines, pages } = await read(first);
      expect([first, lines]).toEqual([first, written]);
      expect(pages).toBe(Math.ceil(written.length / first));
    }
  });

  it('goes on from its end with what was written since, by this attempt or the next', async () => {
    const { cursor } = await read(100);
    const rest = () => readLog(bench.g, bench.viewer, runId, { first: 10, after: parseLogCursor(cursor ?? '') });
    expect(await rest()).toEqual({ lines: [], cursor, hasMore: false });
    await put(10, 3, [JSON.stringify({ at, text: 'later' })]);
    await put(11, 1, [JSON.stringify({ at, text: 'much later' })]);
    expect((await rest())?.lines.map(({ text }) => text)).toEqual(['later', 'much later']);
  });

  it('steps over lines that are none, keeping what is right', async () => {
    await put(12, 1, ['{', JSON.stringify({ at, text: 'good' }), JSON.stringify({ at }), '', 'null']);
    const end = parseLogCursor('0011.00000001.000001');
    expect(
      (await readLog(bench.g, bench.viewer, runId, { first: 10, after: end }))?.lines.map(({ text }) => text),
    ).toEqual(['good']);
  });

  it('is empty for a run that has printed nothing, and none where there is no run', async () => {
    const silent = (await bench.newRun()).file.runId;
    expect(await readLog(bench.g, bench.viewer, silent, { first: 10, after: null })).toMatchObject({
      lines: [],
      hasMore: false,
    });
    const nobody = `${bench.projectId}-000000000000000000`;
    expect(await readLog(bench.g, bench.viewer, nobody, { first: 10, after: null })).toBeNull();
  });

  it('has cursors that are texts of their own', () => {
    for (const text of ['', '1.1.1', '0000000001.00000', 'x']) expect(parseLogCursor(text)).toBeNull();
  });
});

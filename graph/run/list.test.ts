import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../storage/keys.ts';
import { deleteRun } from './delete.ts';
import { listRuns, type RunFilter } from './list.ts';
import { type Bench, openBench, runEnded } from './testing/bench.ts';
import { updateRun } from './update.ts';

let bench: Bench;
/** Newest first. */
const ids: string[] = [];
beforeAll(async () => {
  bench = await openBench();
  for (let made = 0; made < 45; made += 1) {
    // Ids sort by the millisecond.
    bench.advance(2);
    ids.unshift((await bench.newRun()).file.runId);
  }
});
afterAll(() => bench.close());

async function pages(first: number, filter: RunFilter | null = null): Promise<string[][]> {
  const found: string[][] = [];
  for (let after: string | null = null, more = true; more; ) {
    const page = await listRuns(bench.g, bench.viewer, { projectId: bench.projectId, first, after, filter });
    found.push(page.runs.map(({ file }) => file.runId));
    after = page.runs.at(-1)?.file.runId ?? after;
    more = page.hasNext;
  }
  return found;
}

describe('the list of runs', () => {
  it('is newest first and whole, in pages of any length', async () => {
    expect((await pages(20)).map((page) => page.length)).toEqual([20, 20, 5]);
    for (const first of [1, 7, 15, 45, 100]) expect((await pages(first)).flat()).toEqual(ids);
    expect((await pages(15)).map((page) => page.length)).toEqual([15, 15, 15]);
  });

  it('goes on after a run that is gone by then', async () => {
    const [first = '', second = ''] = ids;
    const ghost = `${first.slice(0, -1)}~`;
    const page = await listRuns(bench.g, bench.viewer, { projectId: bench.projectId, first: 1, after: ghost });
    expect(page.runs.map(({ file }) => file.runId)).toEqual([second]);
  });

  it('keeps only what passes every filter, to the end of the list', async () => {
    const [a = '', b = '', c = ''] = [ids[3], ids[22], ids[44]];
    for (const id of [a, b, c]) await updateRun(bench.g, bench.viewer, { id, labels: ['kept', id], name: 'Émile' });
    await bench.say(b, runEnded('FAILED'));
    expect(await pages(2, { labels: ['kept'] })).toEqual([[a, b], [c]]);
    expect((await pages(2, { labels: ['kept', b] })).flat()).toEqual([b]);
    expect((await pages(5, { nameContains: 'éMIL' })).flat()).toEqual([a, b, c]);
    expect((await pages(5, { phases: ['FAILED', 'STOPPED'] })).flat()).toEqual([b]);
    expect((await pages(50, { phases: [] })).flat()).toEqual([]);
    expect((await pages(50, { tasks: ['IMPORT'] })).flat()).toEqual([]);
    expect((await pages(50, { tasks: ['TRAIN'], dataset: 'digits', preset: 'article-dcgan' })).flat()).toEqual(ids);
    expect((await pages(50, { preset: 'article-mlp' })).flat()).toEqual([]);
    expect((await pages(50, { dataset: 'emoji' })).flat()).toEqual([]);
  });

  it('shows no run of other projects, none that is deleted and none that is not complete yet', async () => {
    const other = await listRuns(bench.g, bench.viewer, { projectId: `${bench.projectId}x`, first: 10, after: null });
    expect(other).toEqual({ runs: [], hasNext: false });
    const [gone = '', ...rest] = ids;
    await bench.say(gone, runEnded('STOPPED'));
    await deleteRun(bench.g, bench.viewer, gone);
    // A launch that has not come further than its marker.
    await bench.g.store.create(keys.index(`${bench.projectId}-000000000000000000`), new Uint8Array());
    expect((await pages(10)).flat()).toEqual(rest);
  });
});

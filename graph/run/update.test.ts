import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from './list.ts';
import { type Bench, openBench } from './testing/bench.ts';
import { type UpdateRunInput, updateRun } from './update.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const change = (id: string, input: Omit<UpdateRunInput, 'id'>) => updateRun(bench.g, bench.viewer, { id, ...input });

describe('an update', () => {
  it('changes what it names and nothing else', async () => {
    const { runId } = (await bench.newRun()).file;
    await change(runId, { name: 'first', labels: ['a', 'b', 'a'], notes: 'note', pinned: true });
    await change(runId, { pinned: false });
    const run = await bench.now(runId);
    expect(run.state).toMatchObject({ name: 'first', labels: ['a', 'b'], notes: 'note', pinned: false });
    const emptied = await change(runId, { name: '', notes: '', labels: [] });
    expect(emptied).toMatchObject({ kind: 'updated', run: { state: { name: null, labels: [], notes: null } } });
    expect(emptied.kind === 'updated' && nameOf(emptied.run)).toBeNull();
  });

  it('without a change writes nothing', async () => {
    const { runId } = (await bench.newRun()).file;
    const before = (await bench.now(runId)).state.cursor;
    expect(await change(runId, { name: null, labels: null, notes: null, pinned: null })).toMatchObject({
      kind: 'updated',
    });
    expect((await bench.now(runId)).state.cursor).toEqual(before);
  });

  it('keeps the changes of two at once', async () => {
    const { runId } = (await bench.newRun()).file;
    await Promise.all([
      change(runId, { labels: ['x'] }),
      change(runId, { notes: 'y' }),
      change(runId, { pinned: true }),
    ]);
    expect((await bench.now(runId)).state).toMatchObject({ labels: ['x'], notes: 'y', pinned: true });
  });

  it('says everything that is wrong with it, and changes nothing then', async () => {
    const { runId } = (await bench.newRun()).file;
    const labels = ['', 'two words', 'a,b', 'x'.repeat(65), 'good'];
    const refused = await change(runId, { name: 'n'.repeat(201), notes: 'n'.repeat(10_001), labels });
    expect(refused.kind === 'invalid' && refused.issues.map(({ path }) => path.join('.'))).toEqual([
      ...['name', 'notes', 'labels.0', 'labels.1', 'labels.2', 'labels.3'],
    ]);
    const many = await change(runId, { labels: Array.from({ length: 33 }, (_, index) => `l${index}`) });
    expect(many).toMatchObject({ kind: 'invalid', issues: [{ path: ['labels'] }] });
    expect((await bench.now(runId)).state).toMatchObject({ labels: [], notes: null });
  });
});

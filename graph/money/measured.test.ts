import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../run/events.ts';
import type { Snapshot } from '../run/load.ts';
import { attemptStarted, type Bench, openBench, runEnded, trainingStarted } from '../run/testing/bench.ts';
import type { TrainSpec } from '../spec/spec.ts';
import { hashOf, loadMeasured, placeOf, recordMeasured } from './measured.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ slots: 0 });
});
afterAll(() => bench.close());

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const row = (attempt: number, step: number, second: number): JournalEvent => ({
  ...{ type: 'METRICS', at: at(second), attempt, step, kimg: 1, values: {} },
});
/** A run that has ended as its journal says. */
async function ended(...events: readonly JournalEvent[]): Promise<{ run: Snapshot; spec: TrainSpec }> {
  const { file } = await bench.newRun();
  const run = await bench.say(file.runId, ...events);
  if (file.spec.task !== 'TRAIN') throw new Error('no training');
  return { run, spec: file.spec };
}
const load = (spec: TrainSpec) => loadMeasured(bench.g.store, bench.projectId, spec);

describe('how fast a training was', () => {
  it('is written down once, by its newest attempt, and found by trainings of its kind', async () => {
    const { run, spec } = await ended(
      ...[attemptStarted(1, 'job', { at: at(0) }), trainingStarted(1, at(10)), row(1, 50, 900)],
      attemptStarted(2, 'job', { at: at(1000), resumedFromStep: 0 }),
      ...[trainingStarted(2, at(1010)), row(2, 100, 1030), runEnded('SUCCEEDED', at(1030))],
    );
    await recordMeasured(bench.g.store, run);
    await recordMeasured(bench.g.store, run);
    const measurement = { runId: run.file.runId, spec: hashOf(spec), place: placeOf(spec), secondsPerStep: 0.2 };
    expect(await load(spec)).toEqual([measurement]);
    expect(await load({ ...spec, seed: 9, kimg: 100, steps: 3125 })).toEqual([measurement]);
    expect(await load({ ...spec, batchSize: 64 })).toEqual([]);
  });

  it('is not known of one that did not get far or goes on', async () => {
    const begun = [attemptStarted(1, 'job', { at: at(0) }), trainingStarted(1, at(10))];
    const short = await ended(...begun, row(1, 99, 20), runEnded('STOPPED', at(20)));
    const going = await ended(...begun, row(1, 100, 20));
    const before = await load(short.spec);
    for (const { run } of [short, going]) await recordMeasured(bench.g.store, run);
    expect(await load(short.spec)).toEqual(before);
  });

  it('is kept of the newest thirty', async () => {
    const { run, spec } = await ended(
      ...[attemptStarted(1, 'job', { at: at(0) }), trainingStarted(1, at(0)), row(1, 100, 10)],
      runEnded('SUCCEEDED', at(10)),
    );
    const wide = { ...spec, batchSize: 128 };
    const runIds = Array.from({ length: 40 }, (_, index) => `${bench.projectId}-${String(index).padStart(18, '0')}`);
    for (const runId of runIds)
      await recordMeasured(bench.g.store, { ...run, file: { ...run.file, runId, spec: wide } });
    expect((await load(wide)).map(({ runId }) => runId)).toEqual(runIds.toReversed().slice(0, 30));
  });
});

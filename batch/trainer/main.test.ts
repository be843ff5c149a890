import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { executorOf } from '../engine/executors/native-folder.ts';
import { nativeDir } from '../engine/testing/native.ts';
import { type SpoolEvent, type Start, WORK } from '../protocol.ts';
import { exitOf, linesOf, lineWhere, startReal } from './testing/process.ts';
import { writeSlopes } from './testing/slopes.ts';
import { makeWorkFolder, specFileOf, TINY_CLASSES, tinyDcgan, tinyR3gan, tinyTrainSpec } from './testing/specs.ts';
import { continueFrom, copyCheckpoint, eventsOf, kept, rowsOf, sheetsOf } from './testing/spool.ts';

const THREADS = 2;
const home = temporaryFolder();

describe.runIf(existsSync(nativeDir)).each([
  ['MLP', {}, []],
  ['DCGAN', { model: tinyDcgan }, []],
  ['R3GAN', tinyR3gan, TINY_CLASSES],
] as const)('a training of a %s on TensorFlow', (name, change, classes) => {
  let spec = tinyTrainSpec({ ...change, resources: { ...tinyTrainSpec().resources, threads: THREADS } });
  const newWork = async (label: string, start: Start): Promise<string> => {
    const work = join(home, `${name}-${label}`);
    const digest = await writeSlopes(join(work, WORK.dataset), classes);
    spec = { ...spec, dataset: { ...spec.dataset, id: 'slopes', digest, classes: [...classes] } };
    makeWorkFolder(work, specFileOf('test-000000000000000001', spec), start);
    return work;
  };
  let events: SpoolEvent[] = [];
  beforeAll(async () => {
    const work = await newWork('undisturbed', { v: 1, attempt: 1, resumeFrom: null });
    expect(await exitOf(startReal(work, nativeDir, THREADS))).toEqual({ code: 0, signal: null });
    events = linesOf(work);
  });

  it('makes finite rows that change from tick to tick', () => {
    const rows = rowsOf(events);
    expect(rows.map(({ step }) => step)).toEqual([7, 14, 21, 28, 35, 42, 49, 56, 60]);
    for (const { values } of rows) {
      const always = ['loss/discriminator', 'loss/generator', 'score/real', 'score/fake'];
      expect(Object.keys(values)).toEqual(spec.ema ? [...always, 'penalty/discriminator'] : always);
      for (const value of Object.values(values)) expect(value).toEqual(expect.any(Number));
    }
    expect(new Set(rows.map(({ values }) => values['loss/discriminator'])).size).toBe(rows.length);
  });

  it('says which weights its sheets are of', () => {
    const sets = eventsOf('sample', events).map(({ set, file }) => [set, file.includes(`-${set}-`)]);
    expect(sets.length).toBeGreaterThan(2);
    expect(new Set(sets.map(String))).toEqual(new Set([spec.ema ? 'ema,true' : 'raw,true']));
  });

  it('killed and resumed equals itself undisturbed, in every row, sheet and last byte', async () => {
    const first = await newWork('killed', { v: 1, attempt: 1, resumeFrom: null });
    const child = startReal(first, nativeDir, THREADS);
    await lineWhere(first, (event) => event.type === 'checkpoint' && event.step > 0);
    child.kill('SIGKILL');
    await exitOf(child);
    const before = linesOf(first);
    const second = await newWork('resumed', continueFrom(before, 2));
    copyCheckpoint(before, first, second);
    expect(await exitOf(startReal(second, nativeDir, THREADS))).toEqual({ code: 0, signal: null });
    const after = linesOf(second);

    expect(eventsOf('ready', after)[0]?.differs).toEqual([]);
    expect(kept([before, after], rowsOf)).toEqual(rowsOf(events));
    expect(kept([before, after], sheetsOf)).toEqual(sheetsOf(events));
    const last = (list: readonly SpoolEvent[]) => eventsOf('checkpoint', list).at(-1)?.manifest.blobs;
    expect(last(after)).toEqual(last(events));
  });

  // Without a compiler there is no other executor of the same library.
  it.runIf(executorOf(nativeDir) === 'tensorflow')('continues on the other executor, which says so', async () => {
    const first = await newWork('compiled', { v: 1, attempt: 1, resumeFrom: null });
    const child = startReal(first, nativeDir, THREADS, { executor: 'tensorflow' });
    await lineWhere(first, (event) => event.type === 'checkpoint' && event.step > 0);
    child.kill('SIGTERM');
    expect(await exitOf(child)).toEqual({ code: 0, signal: null });
    const before = linesOf(first);
    const second = await newWork('called', continueFrom(before, 2));
    copyCheckpoint(before, first, second);
    expect(await exitOf(startReal(second, nativeDir, THREADS, { executor: 'capi' }))).toEqual({
      code: 0,
      signal: null,
    });
    const after = linesOf(second);

    expect(eventsOf('ready', after)[0]).toMatchObject({ differs: ['executor'], numerics: { executor: 'capi' } });
    // The supervisor calls that not exact; yet the library is the same.
    expect(kept([before, after], rowsOf)).toEqual(rowsOf(events));
    expect(kept([before, after], sheetsOf).filter(({ trigger }) => trigger === 'SCHEDULE')).toEqual(sheetsOf(events));
  });
});

describe.runIf(existsSync(nativeDir))('a training in bfloat16', () => {
  const resources = { ...tinyTrainSpec().resources, threads: THREADS, precision: 'BF16' } as const;
  const newWork = async (label: string, start: Start): Promise<string> => {
    const work = join(home, label);
    const digest = await writeSlopes(join(work, WORK.dataset));
    const spec = tinyTrainSpec({ model: tinyDcgan, resources });
    const dataset = { ...spec.dataset, id: 'slopes', digest };
    makeWorkFolder(work, specFileOf('test-000000000000000001', { ...spec, dataset }), start);
    return work;
  };

  it('writes that into its checkpoints, and says so where it continues from one of another precision', async () => {
    const first = await newWork('bfloat16', { v: 1, attempt: 1, resumeFrom: null });
    expect(await exitOf(startReal(first, nativeDir, THREADS))).toEqual({ code: 0, signal: null });
    const before = linesOf(first);
    const numerics = eventsOf('checkpoint', before).map(({ manifest }) => manifest.numerics.precision);
    expect(new Set(numerics)).toEqual(new Set(['bfloat16']));
    for (const { values } of rowsOf(before)) {
      for (const value of Object.values(values)) expect(value).toEqual(expect.any(Number));
    }

    const start = continueFrom(before, 2);
    if (!start.resumeFrom) throw new Error('no checkpoint');
    const { manifest, step } = start.resumeFrom;
    const other = { ...manifest, numerics: { ...manifest.numerics, precision: 'float32' } };
    const second = await newWork('float32', { ...start, resumeFrom: { step, manifest: other } });
    copyCheckpoint(before, first, second);
    expect(await exitOf(startReal(second, nativeDir, THREADS))).toEqual({ code: 0, signal: null });
    expect(eventsOf('ready', linesOf(second))[0]?.differs).toEqual(['precision']);
  });
});

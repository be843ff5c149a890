/** Trainings that begin with what another has learned, on real TensorFlow. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import type { TensorValue } from '../engine/session.ts';
import { nativeDir } from '../engine/testing/native.ts';
import { EXIT, type SpoolEvent, type Start, WORK } from '../protocol.ts';
import { decodeSafetensors } from './safetensors.ts';
import { exitOf, linesOf, startReal } from './testing/process.ts';
import { writeSlopes } from './testing/slopes.ts';
import { makeWorkFolder, specFileOf, TINY_CLASSES, tinyDcgan, tinyR3gan, tinyTrainSpec } from './testing/specs.ts';
import { eventsOf, rowsOf, sheetsOf } from './testing/spool.ts';

const home = temporaryFolder();
const FRESH: Start = { v: 1, attempt: 1, resumeFrom: null };
/** What the supervisor has pinned; the trainer reads the folder. */
const PINNED = { id: 'test', runId: 'test', step: 0, attempt: 1, digest: '' };

let works = 0;
/** Trains in a work folder of its own, from a checkpoint in the spool of another where one is named. */
async function trainIn(spec: TrainSpec, from?: string): Promise<{ work: string; code: number | null }> {
  const work = join(home, String(works++));
  const digest = await writeSlopes(join(work, WORK.dataset), spec.dataset.classes);
  const pinned = { ...spec, startFrom: from ? PINNED : null, dataset: { ...spec.dataset, digest } };
  makeWorkFolder(work, specFileOf('test-000000000000000001', pinned), FRESH);
  if (from) cpSync(from, join(work, WORK.source), { recursive: true });
  return { work, code: (await exitOf(startReal(work, nativeDir, spec.resources.threads))).code };
}

const checkpointAt = (work: string, step: number) => join(work, WORK.spool, `checkpoint-${step}`);
const stateAt = (work: string, step: number): Map<string, TensorValue> =>
  decodeSafetensors(readFileSync(join(checkpointAt(work, step), 'state.safetensors')));
const isMoment = (name: string) => name.startsWith('adam/');

describe.runIf(existsSync(nativeDir)).each([
  ['MLP', tinyTrainSpec()],
  ['DCGAN', tinyTrainSpec({ model: tinyDcgan })],
  [
    'R3GAN',
    tinyTrainSpec({
      ...tinyR3gan,
      dataset: { ...tinyTrainSpec().dataset, classes: TINY_CLASSES },
    }),
  ],
])('a training of a %s that starts from a checkpoint', (_, spec) => {
  const { model } = spec;
  let source = '';
  let events: readonly SpoolEvent[] = [];
  beforeAll(async () => {
    const trained = await trainIn(spec);
    expect(trained.code).toBe(EXIT.done);
    source = trained.work;
    events = linesOf(source);
  });

  it('begins at step 0 with the weights and averages of the other, and moments of zero', async () => {
    const { work, code } = await trainIn({ ...spec, steps: 1 }, checkpointAt(source, 60));
    expect(code).toBe(EXIT.done);
    const begun = linesOf(work);
    expect(eventsOf('ready', begun)[0]).toMatchObject({ step: 0, differs: [] });
    expect(sheetsOf(begun)[0]?.sha256).toBe(sheetsOf(events).at(-1)?.sha256);
    const [taken, given] = [stateAt(work, 0), stateAt(source, 60)];
    expect([...taken.keys()]).toEqual([...given.keys()]);
    for (const [name, { data }] of taken) {
      if (isMoment(name)) expect([name, data.some((value) => value !== 0)]).toEqual([name, false]);
      else expect([name, data]).toEqual([name, given.get(name)?.data]);
    }
    expect([...given].some(([name, { data }]) => isMoment(name) && data.some((value) => value !== 0))).toBe(true);
  });

  it('is the other training itself, to the last bit, where it starts from its step 0 and changes nothing', async () => {
    const { work, code } = await trainIn(spec, checkpointAt(source, 0));
    expect(code).toBe(EXIT.done);
    expect(rowsOf(linesOf(work))).toEqual(rowsOf(events));
    expect(sheetsOf(linesOf(work))).toEqual(sheetsOf(events));
    const blobs = (lines: readonly SpoolEvent[]) => eventsOf('checkpoint', lines).at(-1)?.manifest.blobs;
    expect(blobs(linesOf(work))).toEqual(blobs(events));
  });

  it('trains on with its own hyper-parameters', async () => {
    const { generator, discriminator } = spec.optimizers;
    const schedule = { kind: 'CONSTANT' } as const;
    const slow = {
      ...spec,
      schedule,
      optimizers: { discriminator, generator: { ...generator, learningRate: 1e-7 } },
      steps: 7,
    };
    const { work, code } = await trainIn(slow, checkpointAt(source, 60));
    expect(code).toBe(EXIT.done);
    const [before, after] = [stateAt(work, 0), stateAt(work, 7)];
    const largest = (prefix: string): number =>
      Math.max(
        ...[...after].flatMap(([name, { data }]) =>
          name.startsWith(prefix) && !/mean|variance/.test(name)
            ? [...data].map((value, i) => Math.abs(value - (before.get(name)?.data[i] ?? Number.NaN)))
            : [],
        ),
      );
    // Bias correction makes Adam's first steps about α long each; rounding of weights near 1 adds to those of 1e-7.
    expect(largest('generator/')).toBeLessThan(7 * 3e-7);
    expect(largest('discriminator/')).toBeGreaterThan(1e-4);
    expect(largest('discriminator/')).toBeLessThan(7 * 3e-4);
  });

  it('gives up where a tensor of the checkpoint does not fit, and names each that does not', async () => {
    const { work, code } = await trainIn({ ...spec, model: { ...model, latentSize: 9 } }, checkpointAt(source, 60));
    expect(code).toBe(EXIT.badSpec);
    const firsts = {
      MLP: 'generator/hidden1/kernel',
      DCGAN: 'generator/dense/kernel',
      R3GAN: 'generator/latent/kernel',
    };
    const first = firsts[model.architecture];
    const said = linesOf(work).at(-1);
    expect(said).toMatchObject({ type: 'failed', code: 'BAD_SPEC' });
    // Of a weight that is averaged, its average as well.
    const misfits = spec.ema
      ? /^The checkpoint does not fit: [^;]*; [^;]*\.$/
      : /^The checkpoint does not fit: [^;]*\.$/;
    expect(said).toHaveProperty('message', expect.stringMatching(misfits));
    expect(said).toHaveProperty('message', expect.stringContaining(`${first} is float32 [8, `));
  });
});

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../graph/run/events.ts';
import { initialState } from '../../graph/run/fold.ts';
import { type ObjectStore, StorageError } from '../../graph/storage/ports.ts';
import { openFileStore } from '../../infra/clients/file-store.ts';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { type CheckpointManifest, type SpoolEvent, WORK } from '../protocol.ts';
import { specFileOf, tinyTrainSpec } from '../trainer/testing/specs.ts';
import type { FencedJournal } from './fenced-journal.ts';
import { type PublishOptions, publish } from './publish.ts';
import { createWaker } from './waker.ts';

const home = temporaryFolder();
const at = '2026-01-01T00:00:00.000Z';
const file = specFileOf('test-000000000000000001', tinyTrainSpec());
const origin = { runId: file.runId, attempt: 1, specSha256: '', numerics: {} } as unknown as CheckpointManifest;

type Kind = 'metrics' | 'sample' | 'checkpoint';

/** What a trainer's spool holds that says these things, one a step, and then ends. */
async function spoolOf(kinds: readonly Kind[]): Promise<string> {
  const work = await mkdtemp(join(home, 'work-'));
  const spool = (name: string) => join(work, WORK.spool, name);
  mkdirSync(spool('.'), { recursive: true });
  const lines = kinds.map((type, step): SpoolEvent => {
    const place = { at, step, kimg: step };
    if (type === 'metrics') return { type, ...place, values: { a: step } };
    if (type === 'sample') {
      writeFileSync(spool(`${step}.png`), 'png');
      const size = { width: 1, height: 1, columns: 1, rows: 1, bytes: 3, sha256: '' };
      return { type, ...place, set: 'raw', trigger: 'SCHEDULE', file: `${step}.png`, ...size };
    }
    mkdirSync(spool(String(step)));
    writeFileSync(spool(`${step}/state`), 'state');
    const manifest = { ...origin, v: 1, step, blobs: [{ name: 'state', bytes: 5, sha256: '' }] } as const;
    return { type, ...place, trigger: 'SCHEDULE', folder: String(step), manifest };
  });
  const all: SpoolEvent[] = [...lines, { type: 'end', at, outcome: 'DONE' }];
  appendFileSync(join(work, WORK.events), all.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return work;
}

interface Published {
  readonly options: PublishOptions;
  readonly said: JournalEvent[];
}

/** @param uploading what happens before an object is put */
async function publisher(kinds: readonly Kind[], uploading: (key: string) => Promise<void>): Promise<Published> {
  const work = await spoolOf(kinds);
  const real = openFileStore(join(work, 'store'));
  const store: ObjectStore = {
    ...real,
    put: async (key, body, options) => {
      await uploading(key);
      return real.put(key, body, options);
    },
  };
  const said: JournalEvent[] = [];
  const journal: FencedJournal = {
    state: initialState,
    lastAppend: () => Number.NEGATIVE_INFINITY,
    busy: () => false,
    append: async (events) => {
      await setTimeout();
      return said.push(...events) > 0;
    },
    look: async () => {},
  };
  const rest = { waker: createWaker(), isLast: () => true, say: () => {} };
  const options = { store, journal, file, attempt: 1, work, giveUp: new AbortController().signal, ...rest };
  return { options, said };
}

const stepsOf = (events: readonly JournalEvent[], ...types: readonly JournalEvent['type'][]): number[] =>
  events.flatMap((event) => ('step' in event && types.includes(event.type) ? [event.step] : []));
const sorted = (steps: readonly number[]): number[] => steps.toSorted((a, b) => a - b);

describe('publishing', () => {
  it('seals each checkpoint after all before it and after every earlier one, however long uploads take', async () => {
    const kinds = fc.array(fc.constantFrom<Kind>('metrics', 'sample', 'checkpoint'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(kinds, fc.infiniteStream(fc.nat({ max: 6 })), async (spool, delays) => {
        const { options, said } = await publisher(spool, async () => {
          await setTimeout(delays.next().value ?? 0);
        });
        expect(await publish(options)).toMatchObject({ outcome: 'DONE' });
        const all = stepsOf(said, 'METRICS', 'SAMPLE', 'CHECKPOINT_SEALED');
        expect(sorted(all)).toEqual([...spool.keys()]);
        for (const types of [['METRICS', 'SAMPLE'], ['CHECKPOINT_SEALED']] as const) {
          expect(stepsOf(said, ...types)).toEqual(sorted(stepsOf(said, ...types)));
        }
        for (const [index, event] of said.entries()) {
          if (event.type !== 'CHECKPOINT_SEALED') continue;
          expect(stepsOf(said.slice(index), 'METRICS', 'SAMPLE').filter((step) => step <= event.step)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets rows and sheets pass a checkpoint that is still uploaded', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { options, said } = await publisher(['checkpoint', 'metrics', 'sample', 'metrics'], async (key) => {
      if (key.includes('/checkpoints/')) await held;
    });
    const published = publish(options);
    while (stepsOf(said, 'METRICS', 'SAMPLE').length < 3) await setTimeout(1);
    expect(stepsOf(said, 'CHECKPOINT_SEALED')).toEqual([]);
    release();
    await published;
    expect(stepsOf(said, 'CHECKPOINT_SEALED')).toEqual([0]);
  });

  it('ends where an upload was given up, and seals no later checkpoint', async () => {
    const giveUp = new AbortController();
    const made = await publisher(['checkpoint', 'metrics', 'checkpoint'], async (key) => {
      if (!key.includes('/checkpoints/000000000-')) return;
      giveUp.abort();
      throw new StorageError('UNREACHABLE', 'down');
    });
    await expect(publish({ ...made.options, giveUp: giveUp.signal })).rejects.toThrow('down');
    expect(stepsOf(made.said, 'CHECKPOINT_SEALED')).toEqual([]);
  });
});

/** Carries what the trainer puts into its spool to storage and journal, in order; knows no process and no signal. */
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EventOf, JournalEvent } from '../../graph/run/events.ts';
import { parseManifest } from '../../graph/spec/dataset.ts';
import type { SpecFile } from '../../graph/spec/spec.ts';
import { keys } from '../../graph/storage/keys.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { type SpoolEvent, WORK } from '../protocol.ts';
import type { FencedJournal } from './fenced-journal.ts';
import { type Patience, patiently } from './patience.ts';
import { createSeals } from './seals.ts';
import { tailSpool } from './spool-tail.ts';
import type { Waker } from './waker.ts';

/** Events gather at most so long, so that a quick trainer makes no more than four segments a second. */
const GATHER_MS = 250;
/** After an outage a backlog becomes segments of this many events. */
const SEGMENT_EVENTS = 1000;
/** Hints do get lost. */
const IDLE_MS = 500;

type SpoolOf<T extends SpoolEvent['type']> = Extract<SpoolEvent, { type: T }>;
/** How a trainer's own account of itself ends. */
export type LastWord = SpoolOf<'end'> | SpoolOf<'failed'>;

export interface PublishOptions extends Patience {
  readonly store: ObjectStore;
  readonly journal: FencedJournal;
  readonly file: SpecFile;
  readonly attempt: number;
  /** The work folder. */
  readonly work: string;
  /** Wakes the publisher: new lines, or the trainer is gone. */
  readonly waker: Waker;
  /** True once no more lines can come. */
  readonly isLast: () => boolean;
}

/**
 * Publishes until the trainer is gone and its last line is in the journal. Blobs go before the event that names them,
 * and are removed from the spool afterwards. A checkpoint is uploaded once all before it is journaled, and beside what
 * comes after it; it is sealed after every earlier one.
 *
 * @returns the last word of the trainer, or null where it had none
 * @throws StorageError after `giveUp`; resolves early where the attempt was fenced
 */
export async function publish(options: PublishOptions): Promise<LastWord | null> {
  const { journal, work, waker, isLast } = options;
  const tail = tailSpool(join(work, WORK.events));
  const seals = createSeals(waker.wake);
  let lastWord: LastWord | null = null;
  let gathered: JournalEvent[] = [];

  /** False where the attempt was fenced. */
  const flush = async (): Promise<boolean> => {
    const events = gathered;
    gathered = [];
    for (let begin = 0; begin < events.length; begin += SEGMENT_EVENTS) {
      if (!(await journal.append(events.slice(begin, begin + SEGMENT_EVENTS)))) return false;
    }
    return true;
  };
  const seal = async (): Promise<boolean> => {
    const sealed = seals.take();
    gathered.push(...sealed);
    return sealed.length === 0 || flush();
  };

  try {
    for (;;) {
      // Asked before reading: what the trainer wrote last is then surely read.
      const last = isLast();
      const lines = await tail.read();
      for (const line of lines) {
        const said = JSON.parse(line) as SpoolEvent;
        if (said.type === 'end' || said.type === 'failed') {
          lastWord = said;
          continue;
        }
        const urgent = said.type !== 'metrics' && said.type !== 'progress';
        if (said.type === 'checkpoint') {
          if (!(await flush())) return lastWord;
          seals.add(() => publishCheckpoint(said, options));
          continue;
        }
        const event = await publishBlobs(said, options);
        if (event) gathered.push(event);
        if (urgent && !(await flush())) return lastWord;
        if (!(await seal())) return lastWord;
      }
      if (last && lines.length === 0) await seals.settled();
      if (!(await seal())) return lastWord;
      const ripe = performance.now() - journal.lastAppend() >= GATHER_MS;
      if (gathered.length > 0 && (ripe || last) && !(await flush())) return lastWord;
      if (lines.length > 0) continue;
      if (last) return lastWord;
      await waker.pause(gathered.length > 0 ? GATHER_MS - (performance.now() - journal.lastAppend()) : IDLE_MS);
    }
  } finally {
    await tail.close();
  }
}

type Publishable = Exclude<SpoolEvent, LastWord | SpoolOf<'checkpoint'>>;

/** Uploads what a line names and returns what the journal is to say about it. */
async function publishBlobs(said: Publishable, options: PublishOptions): Promise<JournalEvent | null> {
  const { attempt } = options;
  switch (said.type) {
    case 'ready': {
      const { at, step, device, differs } = said;
      return {
        type: 'TRAINING_STARTED',
        at,
        attempt,
        step,
        device,
        exact: differs.length === 0,
        differs: [...differs],
      };
    }
    case 'metrics': {
      const { at, step, kimg, values } = said;
      return { type: 'METRICS', at, attempt, step, kimg, values: { ...values } };
    }
    case 'progress':
      return { type: 'PROGRESS', at: said.at, attempt, fraction: said.fraction };
    case 'sample':
      return publishSample(said, options);
    case 'dataset':
      await publishDataset(said, options);
      return null;
    case 'files':
      return publishFiles(said, options);
  }
}

async function publishSample(said: SpoolOf<'sample'>, options: PublishOptions): Promise<JournalEvent> {
  const { store, file, attempt, work } = options;
  const { type: _, file: name, ...sample } = said;
  const key = keys.sample(file.runId, said.step, attempt, said.set);
  const path = join(work, WORK.spool, name);
  const png = await readFile(path);
  await patiently(() => store.put(key, png, { contentType: 'image/png' }), options);
  await rm(path);
  return { type: 'SAMPLE', attempt, key, ...sample };
}

async function publishCheckpoint(
  said: SpoolOf<'checkpoint'>,
  options: PublishOptions,
): Promise<EventOf<'CHECKPOINT_SEALED'>> {
  const { store, file, attempt, work } = options;
  const { at, step, kimg, trigger, manifest } = said;
  const prefix = keys.checkpoint(file.runId, step, attempt);
  const folder = join(work, WORK.spool, said.folder);
  for (const { name } of manifest.blobs) {
    const bytes = await readFile(join(folder, name));
    await patiently(() => store.put(`${prefix}${name}`, bytes), options);
  }
  const key = `${prefix}manifest.json`;
  const body = Buffer.from(JSON.stringify(manifest));
  await patiently(() => store.put(key, body, { contentType: 'application/json' }), options);
  await rm(folder, { recursive: true });
  const bytes = manifest.blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  return { type: 'CHECKPOINT_SEALED', at, attempt, step, kimg, trigger, manifest: key, bytes };
}

/** The event names all files at once: until then nobody sees one of them. */
async function publishFiles(said: SpoolOf<'files'>, options: PublishOptions): Promise<JournalEvent> {
  const { store, file, attempt, work } = options;
  const folder = join(work, WORK.spool, said.folder);
  const files: EventOf<'FILES_ADDED'>['files'] = [];
  for (const blob of said.files) {
    const key = keys.file(file.runId, attempt, blob.name);
    const body = await readFile(join(folder, blob.name));
    const contentType = blob.name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
    await patiently(() => store.put(key, body, { contentType }), options);
    files.push({ ...blob, key });
  }
  await rm(folder, { recursive: true });
  return { type: 'FILES_ADDED', at: said.at, attempt, files };
}

/** The manifest goes last and create-only: a data set exists from then on, and never changes. */
async function publishDataset(said: SpoolOf<'dataset'>, options: PublishOptions): Promise<void> {
  const { store, file, work } = options;
  const folder = join(work, WORK.spool, said.folder);
  const body = await readFile(join(folder, 'manifest.json'));
  const { shards } = parseManifest(JSON.parse(body.toString('utf8')));
  if (file.spec.task !== 'IMPORT') throw new TypeError(`A ${file.spec.task} run makes no data set.`);
  const { id } = file.spec.dataset;
  for (const name of shards.flatMap(({ images, labels }) => [images, ...(labels === undefined ? [] : [labels])])) {
    const bytes = await readFile(join(folder, basename(name)));
    await patiently(() => store.put(`${keys.dataset(id)}${name}`, bytes), options);
  }
  const key = keys.datasetManifest(id);
  await patiently(() => store.create(key, body, { contentType: 'application/json' }), options);
  await rm(folder, { recursive: true });
}

/** What a training leaves behind, and how: the loop says when, a recorder says where to; none of it changes the training. */
import type { JsonNumber } from '../../graph/run/numbers.ts';
import { sha256 } from '../../graph/storage/json.ts';
import type { TensorValue } from '../engine/session.ts';
import type { CheckpointManifest, Trigger } from '../protocol.ts';
import { writeCheckpoint } from './checkpoint.ts';
import type { HostState } from './host-state.ts';
import { createLine } from './line.ts';
import { drawSheet } from './sheet.ts';
import type { Spool } from './spool.ts';

/**
 * Methods resolve once there is room for more, not when the work is done. Rows and sheets stay in order; a checkpoint is
 * said after all that was recorded before it, and may be said after some of what follows it.
 */
export interface Recorder {
  metrics(host: HostState, values: Readonly<Record<string, JsonNumber>>): Promise<void>;
  /** @param draw makes the images `[columns · rows, height, width, channels]`; called at once or never */
  sample(host: HostState, trigger: Trigger, draw: () => TensorValue): Promise<void>;
  /** @param read copies all program state; called at once or never */
  checkpoint(host: HostState, trigger: Trigger, read: () => ReadonlyMap<string, TensorValue>): Promise<void>;
  /** Resolves when all is written; rejects with the first error. */
  done(): Promise<void>;
}

/** Records nothing: what recording costs is measured against it. */
export const nullRecorder: Recorder = {
  metrics: async () => {},
  sample: async () => {},
  checkpoint: async () => {},
  done: async () => {},
};

/** How a run's sheets and checkpoints are labelled. */
export interface RecorderOptions {
  /** Which images its sheets show: those of G's averaged weights, or of the weights themselves. */
  readonly set: 'ema' | 'raw';
  readonly columns: number;
  readonly rows: number;
  readonly origin: Pick<CheckpointManifest, 'runId' | 'attempt' | 'specSha256' | 'numerics'>;
  readonly now?: () => Date;
  /** Takes a line for the log with every metric row, default none. */
  readonly print?: (text: string) => void;
}

/** Records into a spool. Encoding, hashing and writing happen between the steps. */
export function spoolRecorder(
  spool: Spool,
  { set, columns, rows, origin, now = () => new Date(), print }: RecorderOptions,
): Recorder {
  const line = createLine();
  // Beside the line: what follows a checkpoint need not wait until megabytes are hashed and written. Each holds a copy of
  // all state, hence no more than one may wait.
  const checkpoints = createLine(1);
  const stamp = (host: HostState) => ({ at: now().toISOString(), step: host.step, kimg: host.images / 1000 });
  return {
    metrics: (host, values) => {
      const event = { type: 'metrics', ...stamp(host), values } as const;
      print?.(rowText(event));
      return line.add(() => spool.say(event));
    },
    sample: (host, trigger, draw) => {
      const images = draw();
      return line.add(async () => {
        const { png, ...size } = await drawSheet(images, columns, rows);
        const file = `sample-${host.step}-${set}-${trigger.toLowerCase()}.png`;
        spool.place(file, png);
        const blob = { file, sha256: sha256(png), bytes: png.length };
        spool.say({ type: 'sample', ...stamp(host), set, trigger, ...blob, ...size });
      });
    },
    checkpoint: (host, trigger, read) => {
      const state = read();
      const before = line.done();
      // Whoever uses the line next learns of its error.
      before.catch(() => {});
      return checkpoints.add(async () => {
        const folder = `checkpoint-${host.step}`;
        const manifest = await writeCheckpoint(spool.path(folder), { host, state }, origin);
        await before;
        spool.say({ type: 'checkpoint', ...stamp(host), trigger, folder, manifest });
      });
    },
    done: async () => {
      await line.done();
      await checkpoints.done();
    },
  };
}

/** A metric row as a person reads it, e.g. `step 50  1.6 kimg  loss/generator 0.693`. */
function rowText({
  step,
  kimg,
  values,
}: {
  step: number;
  kimg: number;
  values: Readonly<Record<string, JsonNumber>>;
}): string {
  const items = Object.entries(values).map(([name, value]) => `${name} ${Number(value).toPrecision(4)}`);
  return [`step ${step}`, `${kimg} kimg`, ...items].join('  ');
}

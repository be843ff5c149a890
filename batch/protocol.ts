/**
 * What supervisor and trainer say to each other: the work folder, the lines of the spool, the exit codes.
 *
 * The supervisor prepares a work folder and starts the trainer with its path as only argument. The trainer reads from
 * it, touches no network, writes blobs into `spool/` and then one line about them into `spool/events.ndjson`. Lines are
 * in the order in which they are to be journaled, but a checkpoint may be sealed after rows and sheets that follow it.
 * The supervisor sends `{type:'stop'}` over IPC (SIGTERM means the same) and the trainer answers with a last checkpoint
 * and exit code 0; where IPC breaks, the supervisor is gone and the trainer ends as well.
 */
import type { JsonNumber } from '../graph/run/numbers.ts';

/** Files of a work folder, relative to it. */
export const WORK = {
  /** {@link SpecFile}, as in storage. */
  spec: 'spec.json',
  /** {@link Start}. */
  start: 'start.json',
  /** The data set's manifest and shards. */
  dataset: 'dataset',
  /** Blobs of the checkpoint to continue from, where there is one. */
  checkpoint: 'checkpoint',
  /** Manifest and blobs of the checkpoint of another run that the spec names. */
  source: 'source',
  /** Uploaded files, named by upload id: what an IMPORT reads. */
  uploads: 'uploads',
  spool: 'spool',
  events: 'spool/events.ndjson',
} as const;

/** How an attempt begins. */
export interface Start {
  readonly v: 1;
  readonly attempt: number;
  /** Null: from step 0. */
  readonly resumeFrom: { readonly step: number; readonly manifest: CheckpointManifest } | null;
}

/** What may change the last bits of a result: equal numerics, equal bits. */
export interface Numerics {
  readonly executor: string;
  /** Revision of Ganway's engine; absent in the first. */
  readonly engine?: number;
  /** Version of the TensorFlow library. */
  readonly library: string;
  readonly device: string;
  readonly instructionSet: string;
  readonly threads: number;
  /** Of products: `float32`, `tf32` or `bfloat16`. */
  readonly precision: string;
  readonly flags: readonly string[];
}

/** Last object of a checkpoint to be written; the journal's CHECKPOINT_SEALED names it. */
export interface CheckpointManifest {
  readonly v: 1;
  readonly runId: string;
  readonly step: number;
  readonly kimg: number;
  readonly attempt: number;
  /** sha256 of spec.json's canonical `spec`. */
  readonly specSha256: string;
  readonly numerics: Numerics;
  /** `state.safetensors` holds all program state, `host.json` the HostState. */
  readonly blobs: readonly SpooledFile[];
}

/** A file in a folder of the spool; its name is a path in that folder. */
export interface SpooledFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type Trigger = 'SCHEDULE' | 'CLOCK' | 'SIGNAL';

/** One line of the spool. Paths are relative to `spool/`. `at` is RFC 3339. */
export type SpoolEvent =
  /** First line: the trainer can compute. `differs` names numerics that the checkpoint was not written under. */
  | {
      readonly type: 'ready';
      readonly at: string;
      readonly step: number;
      readonly device: string;
      readonly numerics: Numerics;
      readonly differs: readonly string[];
    }
  | {
      readonly type: 'metrics';
      readonly at: string;
      readonly step: number;
      readonly kimg: number;
      readonly values: Readonly<Record<string, JsonNumber>>;
    }
  | {
      readonly type: 'sample';
      readonly at: string;
      readonly step: number;
      readonly kimg: number;
      readonly set: string;
      readonly trigger: Trigger;
      /** A PNG. */
      readonly file: string;
      readonly sha256: string;
      readonly bytes: number;
      readonly width: number;
      readonly height: number;
      readonly columns: number;
      readonly rows: number;
    }
  /** `folder` holds the blobs and `manifest.json`. */
  | {
      readonly type: 'checkpoint';
      readonly at: string;
      readonly step: number;
      readonly kimg: number;
      readonly trigger: Trigger;
      readonly folder: string;
      readonly manifest: CheckpointManifest;
    }
  | { readonly type: 'progress'; readonly at: string; readonly fraction: number }
  /** An IMPORT's result: `folder` holds `manifest.json` and the shards. */
  | { readonly type: 'dataset'; readonly at: string; readonly folder: string }
  /** All that a task has made. */
  | {
      readonly type: 'files';
      readonly at: string;
      readonly folder: string;
      readonly files: readonly SpooledFile[];
    }
  /** Last line of a trainer that ends of its own will. */
  | { readonly type: 'end'; readonly at: string; readonly outcome: 'DONE' | 'STOPPED' }
  /** Last line of a trainer that gives up; the code is one of graph/run/reasons. */
  | { readonly type: 'failed'; readonly at: string; readonly code: string; readonly message: string };

/** Supervisor to trainer. */
export type TrainerCommand = { readonly type: 'stop' };

/** Exit codes of supervisor and trainer alike; 128 + n where signal n ended the trainer. */
export const EXIT = { done: 0, badSpec: 64, diverged: 65, bug: 70, retry: 75 } as const;

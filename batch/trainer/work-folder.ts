/** The folder a supervisor prepared, as the trainer and its tasks see it; knows no task. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpecFile, type SpecFile } from '../../graph/spec/spec.ts';
import { canonicalJson, sha256 } from '../../graph/storage/json.ts';
import { type Start, WORK } from '../protocol.ts';
import { TrainerFailure } from './failure.ts';
import type { Spool } from './spool.ts';

export interface WorkFolder {
  /** Absolute. */
  readonly path: string;
  readonly file: SpecFile;
  /** Of the spec as it is stored, by which checkpoints know it: what a later version reads into an older one is no part of it. */
  readonly specSha256: string;
  readonly start: Start;
  /** Where results go. */
  readonly spool: Spool;
  /** Aborted when the task has to end; its reason is a {@link StopReason}. */
  readonly stop: AbortSignal;
}

/** Opens a work folder. Throws TrainerFailure BAD_SPEC where the spec is none that this trainer knows. */
export function openWorkFolder(path: string, spool: Spool, stop: AbortSignal): WorkFolder {
  return { path, ...readSpec(path), start: JSON.parse(read(path, WORK.start)) as Start, spool, stop };
}

function readSpec(path: string): Pick<WorkFolder, 'file' | 'specSha256'> {
  const text = read(path, WORK.spec);
  try {
    const stored = JSON.parse(text);
    return { file: parseSpecFile(stored), specSha256: sha256(canonicalJson(stored.spec)) };
  } catch (cause) {
    throw new TrainerFailure('BAD_SPEC', 'This version of the trainer does not understand the spec of the run.', {
      cause,
    });
  }
}

function read(path: string, name: string): string {
  return readFileSync(join(path, name), 'utf8');
}

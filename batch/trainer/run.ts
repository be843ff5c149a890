/** One task of a work folder from its first line in the spool to its last; turns every end into an exit code. */
import { reason } from '../../graph/run/reasons.ts';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { DatasetDamaged } from '../data/open-dataset.ts';
import { EngineError, type EngineErrorCode } from '../engine/errors.ts';
import type { StateType } from '../engine/program/state.ts';
import { isDiskFull } from '../protocol/disk-full.ts';
import { EXIT, type Numerics, type SpoolEvent } from '../protocol.ts';
import { begin } from './begin.ts';
import { TrainerFailure } from './failure.ts';
import { differing, lackOfGpu } from './numerics.ts';
import { spoolRecorder } from './recorder.ts';
import type { Spool } from './spool.ts';
import { type OpenTraining, train } from './train.ts';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';

export interface StartedTraining extends OpenTraining {
  readonly numerics: Numerics;
  /** State of its program. */
  readonly state: readonly StateType[];
}

/** What the tasks run on. */
export interface Engine {
  openTraining(work: WorkFolder, spec: TrainSpec): Promise<StartedTraining>;
  runImport(work: WorkFolder): Promise<void>;
  /** Says its files where it was not stopped before. */
  runExport(work: WorkFolder): Promise<'DONE' | 'STOPPED'>;
}

/** Does what the spec of a work folder says and resolves to the exit code; whatever went wrong is told in the spool. */
export async function runTask(path: string, engine: Engine, spool: Spool, stop: AbortSignal): Promise<number> {
  try {
    const work = openWorkFolder(path, spool, stop);
    const outcome = await dispatch(work, engine);
    spool.say({ type: 'end', at: now(), outcome });
    return EXIT.done;
  } catch (error) {
    console.error(error);
    const { code, exitCode, message } = failureOf(error);
    tell(spool, { type: 'failed', at: now(), code, message });
    return exitCode;
  } finally {
    spool.close();
  }
}

/** A spool that takes no line any more must not hide why: the exit code still says what is to be done. */
function tell(spool: Spool, word: SpoolEvent): void {
  try {
    spool.say(word);
  } catch (error) {
    console.error(error);
  }
}

async function dispatch(work: WorkFolder, engine: Engine): Promise<'DONE' | 'STOPPED'> {
  const { spec } = work.file;
  switch (spec.task) {
    case 'TRAIN':
      return runTraining(work, spec, engine);
    case 'IMPORT':
      await engine.runImport(work);
      return work.stop.aborted ? 'STOPPED' : 'DONE';
    case 'EXPORT':
      return engine.runExport(work);
  }
}

async function runTraining(work: WorkFolder, spec: TrainSpec, engine: Engine): Promise<'DONE' | 'STOPPED'> {
  const { resumeFrom, attempt } = work.start;
  const { specSha256 } = work;
  if (resumeFrom && resumeFrom.manifest.specSha256 !== specSha256) {
    throw new TrainerFailure('BAD_SPEC', `The checkpoint at step ${resumeFrom.step} was written under another spec.`);
  }
  const training = await engine.openTraining(work, spec);
  const { numerics } = training;
  try {
    const lack = lackOfGpu(spec.resources, numerics);
    if (lack !== null) console.error(lack);
    const differs = resumeFrom ? differing(resumeFrom.manifest.numerics, numerics) : [];
    const host = await begin(work, spec, training);
    const step = host?.step ?? 0;
    work.spool.say({ type: 'ready', at: now(), step, device: numerics.device, numerics, differs });
    const { columns, rows } = spec.snapshots;
    const origin = { runId: work.file.runId, attempt, specSha256, numerics };
    const set = spec.ema ? 'ema' : 'raw';
    const recorder = spoolRecorder(work.spool, { set, columns, rows, origin, print: (text) => console.log(text) });
    const outcome = await train(spec, training, { resumeFrom: host, recorder, stop: work.stop });
    await recorder.done();
    return outcome;
  } finally {
    training.session.close();
  }
}

/** What a spec leads to that does not fit its data or the checkpoint it begins from. */
const BAD_SPECS: ReadonlySet<EngineErrorCode> = new Set(['SHAPE', 'DTYPE', 'RESTORE', 'EXPORT']);

function failureOf(error: unknown): TrainerFailure {
  if (error instanceof TrainerFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) return new TrainerFailure('DISK_FULL', reason('DISK_FULL').message, { cause: error });
  if (error instanceof DatasetDamaged) return new TrainerFailure('DATASET_DAMAGED', message, { cause: error });
  if (error instanceof EngineError && BAD_SPECS.has(error.code)) {
    return new TrainerFailure('BAD_SPEC', message, { cause: error });
  }
  if (error instanceof EngineError && error.code === 'OUT_OF_MEMORY') {
    return new TrainerFailure('OUT_OF_MEMORY', message, { cause: error });
  }
  return new TrainerFailure('TRAINER_BUG', message, { cause: error });
}

const now = (): string => new Date().toISOString();

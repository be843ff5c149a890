/** A container on paper: it claims its attempt as a supervisor does, trains three steps and says so in the journal; no test. */
import { isFenced } from '../../../batch/supervisor/fenced-journal.ts';
import { mayStart } from '../../../batch/supervisor/may-start.ts';
import type { Ganway } from '../../ganway.ts';
import { StorageError } from '../../storage/ports.ts';
import type { JournalEvent } from '../events.ts';
import { type Appended, append } from '../journal.ts';
import { loadAnyRun } from '../load.ts';
import { reason } from '../reasons.ts';
import { parseJobName } from '../record-job.ts';
import type { RunState } from '../state.ts';
import { attemptStarted } from './bench.ts';
import type { Container, ContainerEnd } from './model-queue.ts';

export interface ContainerStart {
  readonly launch: number;
  /** From 1 for each job. */
  readonly start: number;
}

export interface TrainerOptions {
  /** The process of a container start, which may have a fault. */
  readonly processOf: (container: ContainerStart) => Ganway;
  /** Where a container start goes down with its host or dies of an exit code, after its checkpoint; null: nowhere. */
  readonly endOf: (container: ContainerStart) => ContainerEnd | null;
  /** Called by whoever begins to train. */
  readonly onTraining: (job: { readonly name: string; readonly id: string }) => Promise<void>;
}

const DONE: ContainerEnd = { kind: 'exit', code: 0 };
const KILLED: ContainerEnd = { kind: 'exit', code: 137 };
const CHECKPOINT_STEP = 2;
const STEPS = 3;

export function modelTrainer({ processOf, endOf, onTraining }: TrainerOptions): Container {
  return async ({ id, name, container: start, ended }) => {
    const { runId, launch } = parseJobName(name) ?? { runId: '', launch: 0 };
    const g = processOf({ launch, start });
    try {
      return await live(g, { runId, launch, start, id, name, ended });
    } catch (error) {
      if (error instanceof StorageError) return KILLED;
      throw error;
    }
  };

  async function live(
    g: Ganway,
    job: { runId: string; launch: number; start: number; id: string; name: string; ended: () => string | null },
  ): Promise<ContainerEnd> {
    const { runId, launch, start, id, name } = job;
    const at = g.now().toISOString();
    let attempt = 0;
    const run = await loadAnyRun(g.store, runId);
    if (run === null) return DONE;
    const claimed = await say(g, runId, (state) => {
      const verdict = mayStart(run.file.spec, state, { launch, jobId: id, now: g.now() });
      if (verdict.kind === 'LEAVE') return null;
      if (verdict.kind === 'END') return [{ type: 'RUN_ENDED', at, phase: verdict.phase, reason: verdict.reason }];
      attempt = (state.attempts.at(-1)?.number ?? 0) + 1;
      const resumedFromStep = state.checkpoints.at(-1)?.step ?? null;
      const { cause } = verdict;
      return [attemptStarted(attempt, id, { at, launch, cause, resumedFromStep, container: start })];
    });
    if (!claimed.appended || attempt === 0) return DONE;
    const self = { attempt, launch };
    const unlessFenced = (events: readonly JournalEvent[]) => (state: RunState) =>
      isFenced(state, self) ? null : events;
    const began = await say(g, runId, unlessFenced([{ type: 'TRAINING_STARTED', at, attempt, step: 0 }]));
    if (!began.appended) return DONE;
    await onTraining({ name, id });
    for (let step = (claimed.snapshot.state.checkpoints.at(-1)?.step ?? 0) + 1; step <= STEPS; step += 1) {
      // Told to go, a trainer leaves a checkpoint and asks to be tried again: the queue knows better.
      if (job.ended() !== null) return { kind: 'exit', code: 75 };
      const row: JournalEvent = { type: 'METRICS', at, attempt, step, kimg: step, values: { loss: step } };
      const seal: JournalEvent = {
        ...{ type: 'CHECKPOINT_SEALED', at, attempt, step, kimg: step, trigger: 'SCHEDULE', bytes: 1 },
        manifest: `checkpoint ${step}-${attempt}`,
      };
      const said = await say(g, runId, (state) => {
        if (isFenced(state, self)) return null;
        if (state.stopRequested) return stopped(at, attempt);
        return step === CHECKPOINT_STEP ? [row, seal] : [row];
      });
      if (!said.appended || said.snapshot.state.endedAt !== null) return DONE;
      const end = step === CHECKPOINT_STEP ? endOf({ launch, start }) : null;
      if (end) return end;
    }
    await say(
      g,
      runId,
      unlessFenced([
        { type: 'ATTEMPT_ENDED', at, attempt, outcome: 'DONE', exitCode: 0, reason: null },
        { type: 'RUN_ENDED', at, phase: 'SUCCEEDED', reason: null },
      ]),
    );
    return DONE;
  }
}

function stopped(at: string, attempt: number): JournalEvent[] {
  const why = reason('STOPPED_BY_USER');
  return [
    { type: 'ATTEMPT_ENDED', at, attempt, outcome: 'STOPPED', exitCode: 0, reason: why },
    { type: 'RUN_ENDED', at, phase: 'STOPPED', reason: why },
  ];
}

/** As patient as a supervisor with its storage, but only once: a process that is dead stays dead. */
async function say(
  g: Ganway,
  runId: string,
  decide: (state: RunState) => readonly JournalEvent[] | null,
): Promise<Appended> {
  const from = (await loadAnyRun(g.store, runId)) ?? undefined;
  try {
    return await append(g, runId, decide, from);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return append(g, runId, decide, from);
  }
}

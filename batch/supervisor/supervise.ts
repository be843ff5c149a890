/** The life of a container: claims an attempt of its run, where there is one to make, and runs it; knows no environment. */
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { JournalEvent } from '../../graph/run/events.ts';
import { append } from '../../graph/run/journal.ts';
import { loadAnyRun, type Snapshot } from '../../graph/run/load.ts';
import { reason } from '../../graph/run/reasons.ts';
import type { RunState } from '../../graph/run/state.ts';
import { type ObjectStore, StorageError } from '../../graph/storage/ports.ts';
import { isDiskFull } from '../protocol/disk-full.ts';
import { EXIT, type Start, WORK } from '../protocol.ts';
import { abortableStore } from './abortable-store.ts';
import { type AttemptOptions, runAttempt } from './attempt.ts';
import { mayStart } from './may-start.ts';
import { fetchNewestCheckpoint } from './newest-checkpoint.ts';
import { type Patience, patiently } from './patience.ts';
import { makeScratch, sweepScratch } from './scratch.ts';

export interface SuperviseOptions
  extends Pick<AttemptOptions, 'cacheDir' | 'trainer' | 'inherited' | 'onTrainer' | 'hostLost' | 'echo'> {
  readonly store: ObjectStore;
  readonly runId: string;
  readonly launch: number;
  readonly jobId: string;
  /** Which container start of the job this is, from 1. */
  readonly container?: number;
  readonly workDir: string;
  /** Of Ganway, as in package.json. */
  readonly version: string;
}

/** Resolves to the exit code of the container. */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const { runId, launch, workDir, hostLost, echo } = options;
  // Nothing has begun before there is an attempt: then nothing is worth waiting for either.
  const store = abortableStore(options.store, hostLost);
  const say = (text: string): void => echo(`ganway: ${text}`);
  const patience = { giveUp: hostLost, say };
  let work: string | null = null;
  try {
    await sweepScratch(workDir);
    const found = await patiently(() => loadAnyRun(store, runId), patience);
    if (found === null) {
      say(`there is no run ${runId}`);
      return EXIT.badSpec;
    }
    work = await makeScratch(workDir, `${runId}-${launch}`);
    const claim = await claimAttempt(found, work, { ...options, store }, patience);
    if (claim.kind === 'left') {
      say(`nothing to do: ${claim.why}`);
      return claim.exitCode;
    }
    const { snapshot, start } = claim;
    say(`attempt ${start.attempt} of ${runId} begins at step ${start.resumeFrom?.step ?? 0}`);
    return await runAttempt({ ...options, snapshot, start, work });
  } catch (error) {
    if (error instanceof StorageError && hostLost.aborted) return EXIT.retry;
    if (isDiskFull(error)) {
      say(reason('DISK_FULL').message);
      return EXIT.retry;
    }
    throw error;
  } finally {
    // Something that was left to itself may still write.
    if (work) await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

type Claim =
  | { readonly kind: 'claimed'; readonly snapshot: Snapshot; readonly start: Start }
  | { readonly kind: 'left'; readonly why: string; readonly exitCode: number };

/**
 * Makes the attempt this container's, by the journal: ATTEMPT_STARTED fences every older one. The checkpoint is fetched
 * before, because the event says from where the attempt continues; where an older attempt seals another one meanwhile,
 * it is fetched anew.
 */
async function claimAttempt(
  found: Snapshot,
  work: string,
  options: SuperviseOptions,
  patience: Patience,
): Promise<Claim> {
  const { store, runId, launch, jobId, container, version } = options;
  const folder = join(work, WORK.checkpoint);
  for (let snapshot = found; ; ) {
    const verdict = mayStart(snapshot.file.spec, snapshot.state, { launch, jobId, now: new Date() });
    if (verdict.kind === 'LEAVE') return { kind: 'left', why: verdict.why, exitCode: EXIT.done };
    const begun = snapshot;
    const at = new Date().toISOString();
    if (verdict.kind === 'END') {
      const { phase, reason } = verdict;
      const ended = await patiently(
        () => append({ store }, runId, unlessChanged(begun.state, { type: 'RUN_ENDED', at, phase, reason }), begun),
        patience,
      );
      const exitCode = phase === 'FAILED' ? EXIT.bug : EXIT.done;
      if (ended.appended) return { kind: 'left', why: `${phase}: ${reason.message}`, exitCode };
      snapshot = ended.snapshot;
      continue;
    }
    const { checkpoints, attempts } = begun.state;
    const resumeFrom = await patiently(
      () => fetchNewestCheckpoint(store, runId, checkpoints, folder, patience.say),
      patience,
    );
    const attempt = (attempts.at(-1)?.number ?? 0) + 1;
    const started: JournalEvent = {
      type: 'ATTEMPT_STARTED',
      at,
      attempt,
      launch,
      jobId,
      cause: verdict.cause,
      resumedFromStep: resumeFrom?.step ?? null,
      trainerVersion: version,
      host: hostname(),
      device: null,
      exact: true,
      differs: [],
      ...(container !== undefined && { container }),
    };
    const claimed = await patiently(
      () => append({ store }, runId, unlessChanged(begun.state, started), begun),
      patience,
    );
    if (claimed.appended) return { kind: 'claimed', snapshot: claimed.snapshot, start: { v: 1, attempt, resumeFrom } };
    snapshot = claimed.snapshot;
  }
}

/** Says the event only while all that it was decided on still holds. */
function unlessChanged(before: RunState, event: JournalEvent): (state: RunState) => JournalEvent[] | null {
  const basis = (state: RunState): string =>
    JSON.stringify([
      state.attempts.at(-1)?.number,
      state.launches.at(-1)?.launch,
      state.checkpoints.at(-1)?.manifest,
      state.stopRequested,
      state.endedAt,
      state.deleted,
    ]);
  return (state) => (basis(state) === basis(before) ? [event] : null);
}

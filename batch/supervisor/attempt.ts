/** One attempt from its claim to its last event; knows how an end is told, not what is computed. */
import { limitReached } from '../../graph/money/limits.ts';
import type { Snapshot } from '../../graph/run/load.ts';
import { reason } from '../../graph/run/reasons.ts';
import type { RunState } from '../../graph/run/state.ts';
import { type ObjectStore, StorageError } from '../../graph/storage/ports.ts';
import { isDiskFull } from '../protocol/disk-full.ts';
import { EXIT, type Start } from '../protocol.ts';
import { abortableStore } from './abortable-store.ts';
import { createBrakes } from './brakes.ts';
import { type ComputeOptions, compute } from './compute.ts';
import { type Ending, failed, judgeEnd, retry } from './ending.ts';
import { isFenced, openFencedJournal } from './fenced-journal.ts';
import { watchMemory } from './out-of-memory.ts';
import { PrepareFailure } from './prepare-failure.ts';
import { openRunLog } from './run-log.ts';
import { startUpkeep } from './upkeep.ts';

/** What is uploaded after the last event may take no longer than this. */
const CLOSING_MS = 3_000;

export interface AttemptOptions
  extends Pick<ComputeOptions, 'work' | 'cacheDir' | 'trainer' | 'inherited' | 'onTrainer'> {
  readonly store: ObjectStore;
  /** Holds the attempt's ATTEMPT_STARTED. */
  readonly snapshot: Snapshot;
  readonly launch: number;
  readonly start: Start;
  /** Aborted when this container has to go. */
  readonly hostLost: AbortSignal;
  /** Takes every line of the log, beside storage. */
  readonly echo: (text: string) => void;
}

/** Runs one attempt and resolves to the exit code of its container. */
export async function runAttempt(options: AttemptOptions): Promise<number> {
  const { store, snapshot, launch, start, hostLost, echo } = options;
  const { file } = snapshot;
  const { attempt } = start;
  const log = openRunLog(store, file.runId, attempt);
  const memory = watchMemory();
  const brakes = createBrakes(hostLost);
  const print = (text: string): void => {
    memory.line(text);
    log.line(text);
    echo(text);
  };
  const say = (text: string): void => print(`ganway: ${text}`);

  let fenced = false;
  let concluding = false;
  const onChange = (state: RunState): void => {
    if (concluding || fenced) return;
    if (isFenced(state, { attempt, launch })) {
      fenced = true;
      say(`attempt ${attempt} is no longer the run's newest word; it ends without another`);
      brakes.abandon();
    } else if (state.stopRequested) {
      brakes.stop();
    }
  };
  // Log and head are not cut short with the rest: what is said last is theirs.
  const mortal = abortableStore(store, brakes.giveUp);
  const journal = openFencedJournal(mortal, snapshot, {
    attempt,
    launch,
    onChange,
    giveUp: brakes.giveUp,
    say,
  });
  const upkeep = startUpkeep({
    store,
    journal,
    runId: file.runId,
    attempt,
    limitReached: () => limitReached(file.spec, journal.state(), new Date()),
  });

  const judge = async (): Promise<Ending> => {
    try {
      const { exit, lastWord } = await compute({
        ...options,
        store: mortal,
        file,
        journal,
        brakes,
        print,
        say,
      });
      await journal.look().catch(ignoreStorage);
      return judgeEnd({
        exit,
        said: lastWord,
        stopRequested: journal.state().stopRequested,
        hostLost: hostLost.aborted,
        outOfMemory: memory.isOutOfMemory(exit.signal === 'SIGKILL'),
      });
    } catch (error) {
      if (error instanceof PrepareFailure) return failed(reason(error.code, error.message), EXIT.badSpec);
      if (error instanceof StorageError) throw error;
      if (isDiskFull(error)) return retry(reason('DISK_FULL'), EXIT.retry);
      print(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return failed(reason('TRAINER_BUG', `The supervisor could not go on: ${String(error)}`), EXIT.bug);
    }
  };

  try {
    const ending = await judge();
    if (fenced) return EXIT.done;
    concluding = true;
    say(`attempt ${attempt} ended: ${ending.outcome}${ending.reason ? ` (${ending.reason.code})` : ''}`);
    const at = new Date().toISOString();
    const { outcome, exitCode, run } = ending;
    const written = await journal.append([
      { type: 'ATTEMPT_ENDED', at, attempt, outcome, exitCode, reason: ending.reason },
      ...(run ? [{ type: 'RUN_ENDED' as const, at, ...run }] : []),
    ]);
    return written ? exitCode : EXIT.done;
  } catch (error) {
    // Storage was given up. What it has not heard of this attempt, the next one does again.
    if (error instanceof StorageError) return fenced ? EXIT.done : EXIT.retry;
    throw error;
  } finally {
    brakes.release();
    await atMost(CLOSING_MS, [upkeep(), log.close()]);
  }
}

function ignoreStorage(error: unknown): void {
  if (!(error instanceof StorageError)) throw error;
}

async function atMost(milliseconds: number, work: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(work).then(() => {}), late]);
  clearTimeout(timer);
}

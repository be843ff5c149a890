/** The computing part of an attempt: prepares the work folder, runs the trainer in it and publishes what it says. */
import type { SpecFile } from '../../graph/spec/spec.ts';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { trainerEnvironment } from '../protocol/environment.ts';
import type { Start } from '../protocol.ts';
import { abortableStore } from './abortable-store.ts';
import type { Brakes } from './brakes.ts';
import type { FencedJournal } from './fenced-journal.ts';
import { beforeAbort, onAbort } from './on-abort.ts';
import { prepareWork } from './prepare.ts';
import { type LastWord, publish } from './publish.ts';
import type { TrainerCommand } from './trainer-command.ts';
import { startTrainer, type TrainerExit } from './trainer-process.ts';
import { createWaker } from './waker.ts';

export interface ComputeOptions {
  readonly store: ObjectStore;
  readonly journal: FencedJournal;
  readonly brakes: Brakes;
  readonly file: SpecFile;
  readonly start: Start;
  readonly work: string;
  readonly cacheDir: string;
  readonly trainer: (work: string) => TrainerCommand;
  readonly inherited: Readonly<Record<string, string>>;
  /** Takes every line the trainer prints. */
  readonly print: (text: string) => void;
  /** Says something about the attempt itself. */
  readonly say: (text: string) => void;
  /** The trainer's process is there. */
  readonly onTrainer?: () => void;
}

export interface Computed {
  readonly exit: TrainerExit;
  readonly lastWord: LastWord | null;
}

/**
 * Computes until the trainer is gone and all it said is published, or until the brakes end it.
 *
 * @throws PrepareFailure where there is nothing to compute on; StorageError after `brakes.giveUp`
 */
export async function compute(options: ComputeOptions): Promise<Computed> {
  const { brakes, file, start, work, say } = options;
  const store = abortableStore(options.store, brakes.halt);
  const preparing = prepareWork({ ...options, store }, { giveUp: brakes.halt, say });
  if (!(await beforeAbort(preparing, brakes.halt))) return { exit: { code: null, signal: null }, lastWord: null };

  const waker = createWaker();
  const trainer = startTrainer(options.trainer(work), {
    env: { ...options.inherited, ...trainerEnvironment(file.spec.resources) },
    onHint: waker.wake,
    onLine: options.print,
  });
  options.onTrainer?.();
  let gone = false;
  const ended = trainer.ended.finally(() => {
    gone = true;
    waker.wake();
  });
  onAbort(brakes.halt, trainer.stop);
  onAbort(brakes.kill, trainer.kill);
  try {
    const lastWord = await publish({
      ...options,
      attempt: start.attempt,
      waker,
      giveUp: brakes.giveUp,
      isLast: () => gone,
    });
    return { exit: await ended, lastWord };
  } finally {
    // Whatever went wrong here, no trainer may go on unwatched.
    trainer.kill();
    await ended;
  }
}

/** Launches a task that is not a training and waits until it has succeeded; knows not what it makes. */
import { randomUUID } from 'node:crypto';
import { followRun } from '../follow.ts';
import { LaunchTaskDocument, type LaunchTaskMutation, type TaskInput } from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { CommandError, EXIT, refusal } from './exit.ts';
import type { Terminal } from './terminal.ts';

export type TaskRun = Extract<LaunchTaskMutation['launchTask'], { __typename: 'LaunchTaskSuccess' }>['run'];

/** @throws CommandError where it is refused */
export async function launchTask(
  transport: Transport,
  task: TaskInput,
  idempotencyKey: string = randomUUID(),
): Promise<TaskRun> {
  const { launchTask: result } = await transport.request(LaunchTaskDocument, { input: { idempotencyKey, task } });
  if (result.__typename !== 'LaunchTaskSuccess') throw refusal(result);
  return result.run;
}

/**
 * Waits for a run's end and notes on the way what it waits for.
 *
 * @throws CommandError where it ends in another way than well
 */
export async function untilSucceeded(transport: Transport, terminal: Terminal, run: TaskRun): Promise<void> {
  let end = run.phase;
  let why = run.reason?.message;
  for await (const batch of followRun(transport, run.id)) {
    // A failure's reason is said once, with the command's own end.
    const { phase, reason } = batch.run;
    if (reason && reason.message !== why && phase !== 'FAILED') terminal.note(reason.message);
    [end, why] = [phase, reason?.message];
  }
  if (end === 'SUCCEEDED') return;
  const name = run.task.toLowerCase();
  throw new CommandError(EXIT.failed, `The ${name} ${run.id} is ${end}. ${why ?? ''}`.trim());
}

/** Asks the API of a test's world as a client would, and makes the run that most tests read; no test. */
import { attemptStarted, checkpoint, metrics, sample, trainingStarted } from './events.ts';
import type { World } from './world.ts';

/** The data of an operation that must have no error, as JSON carries it. */
export async function dataOf(world: World, source: string, variables?: Record<string, unknown>) {
  const { data, errors } = await world.query(source, variables);
  if (errors) throw new AggregateError(errors, errors.map(({ message }) => message).join(' '));
  return JSON.parse(JSON.stringify(data));
}

/** Code, argument and field of each error of an operation. */
export async function codesOf(world: World, source: string, variables?: Record<string, unknown>): Promise<unknown> {
  const { errors } = await world.query(source, variables);
  return errors?.map(({ extensions, path }) => [extensions.code, extensions.argumentPath, path?.at(-1)]);
}

/** A run trained to step 40, killed, resumed from 30 and trained to 50. */
export async function rewoundRun(world: World): Promise<string> {
  const run = await world.newRun();
  await world.say(run, attemptStarted(1), trainingStarted(1, 0));
  for (const step of [10, 20, 30, 40]) {
    const sheets = [sample(run, step), sample(run, step, { set: 'raw' })];
    await world.say(run, metrics(step, { 'loss/generator': step }), ...sheets);
    if (step === 30) await world.say(run, checkpoint(run, step));
  }
  await world.say(run, attemptStarted(2, 30), trainingStarted(2, 30));
  for (const step of [40, 50]) {
    await world.say(run, metrics(step, { 'loss/generator': step + 0.5 }, 2), sample(run, step, { attempt: 2 }));
  }
  return run;
}

/** Trainings as a client asks for them, through GraphQL: plan, launch, stop, resume; knows no scenario. */
import { randomUUID } from 'node:crypto';
import { parseSpecFile, type SpecFile, type TrainSpec } from '../../graph/spec/spec.ts';
import type { Stack } from './stack.ts';
import { type SeenEvent, type Watcher, watchRun } from './watch-run.ts';

export type Training = Readonly<Record<string, unknown>>;

/** A step of milliseconds and every kind of event. It has no length. */
export const SMALL = {
  preset: 'article-dcgan',
  dataset: 'digits',
  batchSize: 16,
  seed: 7,
  model: { generatorChannels: [32, 16, 8], discriminatorChannels: [8, 16] },
  snapshots: { tickSteps: 10, sampleSteps: 50, checkpointSteps: 50, columns: 4, rows: 4 },
} as const;

export const LAUNCH = `mutation ($input: LaunchTrainingInput!) { launchTraining(input: $input) {
  __typename
  ... on LaunchTrainingSuccess { replayed run { id } }
  ... on IdempotencyConflict { run { id } }
  ... on ValidationFailed { issues { path code message } }
  ... on UserError { message }
} }`;
const PLAN = `query ($input: TrainingInput!) { planTraining(input: $input) {
  ... on TrainingPlan { specJson }
  ... on UserError { message }
} }`;

/** What becomes of a launch; which fields there are, its type says. */
export interface Launched {
  readonly __typename: string;
  readonly replayed?: boolean;
  readonly run?: { readonly id: string };
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string; readonly message: string }[];
  readonly message?: string;
}

/** Sends a launch, with a key of its own where none is given, and returns the answer, whatever it is. */
export async function sendLaunch(
  { graphql }: Stack,
  training: Training,
  idempotencyKey: string = randomUUID(),
): Promise<Launched> {
  const input = { idempotencyKey, training };
  return (await graphql<{ launchTraining: Launched }>(LAUNCH, { input })).launchTraining;
}

/** Launches a training and returns the run's id. Throws where it is refused. */
export async function launch(stack: Stack, training: Training): Promise<string> {
  const { __typename, run, message } = await sendLaunch(stack, training);
  if (__typename === 'LaunchTrainingSuccess' && run) return run.id;
  throw new Error(`The launch was refused: ${message}`);
}

/** Launches a training and follows it. */
export async function launchAndWatch(
  stack: Stack,
  training: Training,
  onEvent?: (event: SeenEvent) => void,
): Promise<{ readonly runId: string; readonly watcher: Watcher }> {
  const runId = await launch(stack, training);
  return { runId, watcher: watchRun(stack.ready.graphql, runId, null, onEvent) };
}

/** Launches a training and waits for its end. Throws where it does not succeed. */
export async function trainToEnd(stack: Stack, training: Training): Promise<readonly SeenEvent[]> {
  const { runId, watcher } = await launchAndWatch(stack, training);
  return untilSucceeded(runId, watcher);
}

/** All events of a run that is watched, once it has ended. Throws where it does not succeed. */
export async function untilSucceeded(runId: string, watcher: Watcher): Promise<readonly SeenEvent[]> {
  const events = await watcher.ended;
  const last = events.at(-1);
  if (last?.phase !== 'SUCCEEDED') throw new Error(`Run ${runId} ended ${last?.phase}: ${last?.reason?.code}.`);
  return events;
}

export async function stopRun({ graphql }: Stack, id: string): Promise<void> {
  await graphql('mutation ($id: ID!) { stopRun(id: $id) { __typename } }', { id });
}

/** Returns the type of the answer. */
export async function resumeRun({ graphql }: Stack, id: string): Promise<string> {
  type Answer = { resumeRun: { __typename: string } };
  const mutation = 'mutation ($id: ID!) { resumeRun(id: $id) { __typename } }';
  return (await graphql<Answer>(mutation, { id })).resumeRun.__typename;
}

/** The spec that a training resolves to. */
export async function resolve({ graphql }: Stack, input: Training): Promise<TrainSpec> {
  type Answer = { planTraining: { specJson?: string; message?: string } };
  const { planTraining } = await graphql<Answer>(PLAN, { input });
  if (planTraining.specJson === undefined) throw new Error(`The training was refused: ${planTraining.message}`);
  const { spec } = specFileOf('-', JSON.parse(planTraining.specJson));
  if (spec.task !== 'TRAIN') throw new TypeError('A training has resolved to another task.');
  return spec;
}

/** A spec file as storage holds it. Throws where the spec is none. */
export function specFileOf(runId: string, spec: unknown, name: string | null = null): SpecFile {
  return parseSpecFile({ v: 1, runId, createdAt: new Date().toISOString(), createdBy: 'bench', name, spec });
}

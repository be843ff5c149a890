/** Trainings as a client asks for them, through GraphQL: plan, launch, stop; knows nothing of how long they take. */
import { randomUUID } from 'node:crypto';
import { parseSpecFile, type SpecFile, type TrainSpec } from '../../../graph/spec/spec.ts';
import type { Stack } from '../stack.ts';
import { type SeenEvent, type Watcher, watchRun } from '../watch-run.ts';

export type Training = Readonly<Record<string, unknown>>;

const LAUNCH = `mutation ($input: LaunchTrainingInput!) { launchTraining(input: $input) {
  __typename
  ... on LaunchTrainingSuccess { run { id } }
  ... on UserError { message }
} }`;
const PLAN = `query ($input: TrainingInput!) { planTraining(input: $input) {
  ... on TrainingPlan { specJson }
  ... on UserError { message }
} }`;

/** Launches a training and follows it. */
export async function launchAndWatch(
  { graphql, ready }: Stack,
  training: Training,
  onEvent?: (event: SeenEvent) => void,
): Promise<{ readonly runId: string; readonly watcher: Watcher }> {
  const input = { idempotencyKey: randomUUID(), training };
  type Answer = { launchTraining: { run?: { id: string }; message?: string } };
  const { launchTraining } = await graphql<Answer>(LAUNCH, { input });
  if (!launchTraining.run) throw new Error(`The launch was refused: ${launchTraining.message}`);
  const runId = launchTraining.run.id;
  return { runId, watcher: watchRun(ready.graphql, runId, null, onEvent) };
}

/** Launches a training and waits for its end. Throws where it does not succeed. */
export async function trainToEnd(stack: Stack, training: Training): Promise<readonly SeenEvent[]> {
  const { runId, watcher } = await launchAndWatch(stack, training);
  const events = await watcher.ended;
  const last = events.at(-1);
  if (last?.phase !== 'SUCCEEDED') throw new Error(`Run ${runId} ended ${last?.phase}: ${last?.reason?.code}.`);
  return events;
}

export async function stopRun({ graphql }: Stack, id: string): Promise<void> {
  await graphql('mutation ($id: ID!) { stopRun(id: $id) { __typename } }', { id });
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

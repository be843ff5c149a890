/** Launches runs: the same key with the same input is the same run, and at most one job. */
import { type Denied, permit } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import type { TrainingInput } from '../spec/input.ts';
import type { Issue } from '../spec/issues.ts';
import { planTraining, type TrainingPlan, whyTooLow } from '../spec/plan.ts';
import type { SpecFile } from '../spec/spec.ts';
import { keys } from '../storage/keys.ts';
import { newId } from '../storage/new-id.ts';
import { establish } from './establish.ts';
import { initialState } from './fold.ts';
import { findIntent, hashInput, type Intent, intentKey, recordIntent } from './intent.ts';
import { loadAnyRun, type Snapshot } from './load.ts';
import { countOpenRuns } from './open-runs.ts';
import { submitLaunch } from './submit.ts';
import { prepareTask, type TaskInput } from './tasks/prepare.ts';
import type { Resolved } from './tasks/resolved.ts';

export interface LaunchTrainingInput {
  readonly idempotencyKey: string;
  readonly project?: string | null;
  readonly training: TrainingInput;
}

export interface LaunchTaskInput {
  readonly idempotencyKey: string;
  readonly project?: string | null;
  readonly task: TaskInput;
}

export type TaskOutcome =
  | { readonly kind: 'launched'; readonly run: Snapshot; readonly replayed: boolean }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | { readonly kind: 'conflict'; readonly run: Snapshot }
  | { readonly kind: 'quota'; readonly limit: number; readonly used: number }
  | Denied;

/** A training whose limit is below what it takes at the least. */
export interface BudgetTooLow {
  readonly kind: 'budget';
  readonly message: string;
  readonly plan: TrainingPlan;
}

export type LaunchOutcome = TaskOutcome | BudgetTooLow;

/** Launches a training. */
export function launchTraining(g: Ganway, viewer: Viewer, input: LaunchTrainingInput): Promise<LaunchOutcome> {
  const request = { ...input, body: { training: input.training }, name: input.training.name ?? null };
  return launch<BudgetTooLow>(g, viewer, request, async (projectId) => {
    const planned = await planTraining(g, viewer, input.training, { root: ['training'], projectId });
    if (planned.kind === 'invalid') return planned;
    const message = whyTooLow(planned.plan, g.settings);
    return message ? { kind: 'budget', message, plan: planned.plan } : planned;
  });
}

/** Launches a task that is not a training. */
export function launchTask(g: Ganway, viewer: Viewer, input: LaunchTaskInput): Promise<TaskOutcome> {
  const request = { ...input, body: { task: input.task }, name: input.task.importDataset?.name ?? null };
  return launch<never>(g, viewer, request, (projectId) => prepareTask(g, viewer, projectId, input.task));
}

interface LaunchRequest {
  readonly idempotencyKey: string;
  readonly project?: string | null;
  /** What the key stands for. */
  readonly body: unknown;
  readonly name: string | null;
}

async function launch<Refused extends BudgetTooLow>(
  g: Ganway,
  viewer: Viewer,
  request: LaunchRequest,
  prepare: (projectId: string) => Promise<Resolved | Refused>,
): Promise<TaskOutcome | Refused> {
  const permitted = permit(viewer, request.project, 'RUNNER');
  if (permitted.kind !== 'permitted') return permitted;
  const { project } = permitted;
  const badKey = checkKey(request.idempotencyKey);
  if (badKey) return { kind: 'invalid', issues: [badKey] };
  const key = intentKey({ projectId: project.id, owner: viewer.id, idempotencyKey: request.idempotencyKey });
  const inputHash = hashInput(request.body);
  const known = await findIntent(g.store, key);
  if (known) return settle(g, known, inputHash);
  const prepared = await prepare(project.id);
  if (prepared.kind !== 'resolved') return prepared;
  const used = await countOpenRuns(g, project.id);
  if (used >= g.settings.maxOpenRuns) return { kind: 'quota', limit: g.settings.maxOpenRuns, used };
  const file: SpecFile = {
    v: 1,
    runId: newId(g, project.id),
    createdAt: g.now().toISOString(),
    createdBy: viewer.id,
    name: request.name,
    spec: prepared.spec,
  };
  const { intent, ours } = await recordIntent(g.store, { key, inputHash, file });
  if (!ours) return settle(g, intent, inputHash);
  // Its id is new: there is nothing to look for.
  const run = await establish(g, intent, { file, state: initialState() });
  return { kind: 'launched', run: await submitLaunch(g, run), replayed: false };
}

function checkKey(idempotencyKey: string): Issue | null {
  const length = idempotencyKey.length;
  if (length >= 1 && length <= 200) return null;
  const message = `idempotencyKey must have 1 to 200 characters; it has ${length}.`;
  return { path: ['idempotencyKey'], code: length === 0 ? 'REQUIRED' : 'TOO_LONG', message };
}

/** Brings an intent that was recorded before to its end, from wherever an earlier caller left it. */
async function settle(g: Ganway, intent: Intent, inputHash: string): Promise<TaskOutcome> {
  const { runId } = intent.file;
  const same = intent.inputHash === inputHash;
  const existing = await loadAnyRun(g.store, runId);
  if (existing ? existing.state.deleted : await g.store.head(keys.deleted(runId))) {
    const message = 'This idempotencyKey belongs to a run that was deleted; use a new one.';
    return { kind: 'invalid', issues: [{ path: ['idempotencyKey'], code: 'KEY_USED_BY_DELETED_RUN', message }] };
  }
  if (!same) return { kind: 'conflict', run: existing ?? (await establish(g, intent)) };
  const run = existing && existing.state.launches.length > 0 ? existing : await establish(g, intent);
  const needsSubmission = run.state.launches.length === 1 && run.state.launches[0]?.jobId === null;
  return { kind: 'launched', run: needsSubmission ? await submitLaunch(g, run) : run, replayed: true };
}

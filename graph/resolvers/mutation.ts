/** Mutations: hands the input to the domain and names its outcomes as the schema does. */
import { createApiKey, revokeApiKey } from '../access/api-keys.ts';
import { setMember } from '../access/members.ts';
import type { Denied } from '../access/permit.ts';
import { createTicket } from '../access/tickets.ts';
import { createUpload } from '../datasets/upload.ts';
import { deleteRun } from '../run/delete.ts';
import { launchTask, launchTraining, type TaskOutcome } from '../run/launch.ts';
import { resumeRun } from '../run/resume.ts';
import { stopRun } from '../run/stop.ts';
import { updateRun } from '../run/update.ts';
import type { Issue } from '../spec/issues.ts';
import type { MutationResolvers, ResolversTypes } from './types.gen.ts';

/** Every issue in one message, for clients that show only that. */
export function validationFailed(issues: readonly Issue[]) {
  const message = issues.map((issue) => issue.message).join(' ');
  return { __typename: 'ValidationFailed', message, issues } as const;
}

export function denied({ kind, message }: Denied) {
  return { __typename: kind === 'forbidden' ? 'Forbidden' : 'NotFound', message } as const;
}

type Failure = Exclude<TaskOutcome, { kind: 'launched' }>;

function launchFailed(outcome: Failure): Awaited<ResolversTypes['LaunchTaskResult']> & { __typename: FailureName } {
  switch (outcome.kind) {
    case 'invalid':
      return validationFailed(outcome.issues);
    case 'conflict': {
      const message =
        'This idempotencyKey was used before with another input. Take a new key, or send the same input again.';
      return { __typename: 'IdempotencyConflict', message, run: outcome.run };
    }
    case 'quota': {
      const { limit, used } = outcome;
      const message = `${used} runs have not ended and ${limit} are allowed. Stop one, or wait for one to end.`;
      return { __typename: 'QuotaExceeded', message, quota: 'CONCURRENT_RUNS', limit, used, resetAt: null };
    }
    case 'notFound':
    case 'forbidden':
      return denied(outcome);
    default: {
      const unhandled: never = outcome;
      return unhandled;
    }
  }
}
type FailureName = 'ValidationFailed' | 'IdempotencyConflict' | 'QuotaExceeded' | 'Forbidden' | 'NotFound';

export const mutation: MutationResolvers = {
  launchTraining: async (_root, { input }, { g, viewer }) => {
    const outcome = await launchTraining(g, viewer, input);
    if (outcome.kind === 'budget') {
      const { message, plan } = outcome;
      return { __typename: 'BudgetTooLow', message, plan };
    }
    if (outcome.kind !== 'launched') return launchFailed(outcome);
    return { __typename: 'LaunchTrainingSuccess', run: outcome.run, replayed: outcome.replayed };
  },
  launchTask: async (_root, { input }, { g, viewer }) => {
    const outcome = await launchTask(g, viewer, input);
    if (outcome.kind !== 'launched') return launchFailed(outcome);
    return { __typename: 'LaunchTaskSuccess', run: outcome.run, replayed: outcome.replayed };
  },
  stopRun: async (_root, { id }, { g, viewer }) => {
    const outcome = await stopRun(g, viewer, id);
    return outcome.kind === 'stopped' ? { __typename: 'StopRunSuccess', run: outcome.run } : denied(outcome);
  },
  resumeRun: async (_root, { id }, { g, viewer }) => {
    const outcome = await resumeRun(g, viewer, id);
    if (outcome.kind === 'launched') return { __typename: 'LaunchTrainingSuccess', run: outcome.run, replayed: false };
    if (outcome.kind !== 'invalidState') return denied(outcome);
    return { __typename: 'InvalidState', message: outcome.message, run: outcome.run };
  },
  createUpload: async (_root, { input }, { g, viewer, origin }) => {
    const outcome = await createUpload(g, viewer, input, origin);
    if (outcome.kind === 'invalid') return validationFailed(outcome.issues);
    if (outcome.kind !== 'created') return denied(outcome);
    const { url, headers, expiresAt } = outcome.upload;
    return { __typename: 'Upload', id: outcome.id, url, headers, expiresAt };
  },
  updateRun: async (_root, { input }, { g, viewer }) => {
    const outcome = await updateRun(g, viewer, input);
    if (outcome.kind === 'invalid') return validationFailed(outcome.issues);
    return outcome.kind === 'updated' ? { __typename: 'UpdateRunSuccess', run: outcome.run } : denied(outcome);
  },
  deleteRun: async (_root, { id }, { g, viewer }) => {
    const outcome = await deleteRun(g, viewer, id);
    if (outcome.kind === 'deleted') return { __typename: 'DeleteRunSuccess', id: outcome.id };
    if (outcome.kind !== 'invalidState') return denied(outcome);
    return { __typename: 'InvalidState', message: outcome.message, run: outcome.run };
  },
  createApiKey: async (_root, { input }, { g, viewer }) => {
    const outcome = await createApiKey(g, viewer, input);
    if (outcome.kind === 'invalid') return validationFailed(outcome.issues);
    if (outcome.kind !== 'created') return denied(outcome);
    return { __typename: 'CreateApiKeySuccess', key: outcome.key, token: outcome.token };
  },
  revokeApiKey: async (_root, { id }, { g, viewer }) => {
    const outcome = await revokeApiKey(g, viewer, id);
    return outcome.kind === 'revoked' ? { __typename: 'RevokeApiKeySuccess', id: outcome.id } : denied(outcome);
  },
  setMember: async (_root, { input }, { g, viewer }) => {
    const outcome = await setMember(g, viewer, input);
    if (outcome.kind === 'invalid') return validationFailed(outcome.issues);
    if (outcome.kind !== 'set') return denied(outcome);
    return { __typename: 'SetMemberSuccess', user: outcome.user, role: outcome.role };
  },
  createSocketTicket: (_root, _args, { g, viewer }) => createTicket(g, viewer),
};

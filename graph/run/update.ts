/** Changes what people say about a run (its name, labels, notes, pin) and when it is to stop; never what it computes. */
import type { Denied } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import type { LimitsInput } from '../spec/input.ts';
import { collector, type Issue } from '../spec/issues.ts';
import { resolveLimits } from '../spec/limits.ts';
import { NAME_LENGTH } from '../spec/resolve.ts';
import { append } from './journal.ts';
import type { Snapshot } from './load.ts';
import { loadRunFor } from './visible.ts';

const NOTES_LENGTH = 10_000;
const LABEL = /^[^\s,]{1,64}$/;
const MAX_LABELS = 32;

export interface UpdateRunInput {
  readonly id: string;
  /** Null leaves it as it is; an empty text takes it away. So with notes. */
  readonly name?: string | null;
  readonly labels?: readonly string[] | null;
  readonly notes?: string | null;
  readonly pinned?: boolean | null;
  /** What is null in it stays as it is. */
  readonly limits?: LimitsInput | null;
}

export type UpdateOutcome =
  | { readonly kind: 'updated'; readonly run: Snapshot }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | Denied;

export async function updateRun(g: Ganway, viewer: Viewer, input: UpdateRunInput): Promise<UpdateOutcome> {
  const found = await loadRunFor(g, viewer, input.id, 'RUNNER');
  if (found.kind !== 'permitted') return found;
  const issues = problems(input, found.run);
  if (issues.length > 0) return { kind: 'invalid', issues };
  const limits = Object.fromEntries(Object.entries(input.limits ?? {}).filter(([, limit]) => limit != null));
  const change = {
    ...(input.name != null && { name: input.name || null }),
    ...(input.labels != null && { labels: [...new Set(input.labels)] }),
    ...(input.notes != null && { notes: input.notes || null }),
    ...(input.pinned != null && { pinned: input.pinned }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
  const at = g.now().toISOString();
  const { snapshot } = await append(
    g,
    input.id,
    () => (Object.keys(change).length > 0 ? [{ type: 'RUN_UPDATED', at, ...change }] : null),
    found.run,
  );
  return { kind: 'updated', run: snapshot };
}

function problems({ name, labels, notes, limits }: UpdateRunInput, { file }: Snapshot): readonly Issue[] {
  const check = collector([]);
  resolveLimits(check, limits ?? {});
  if (limits && file.spec.task !== 'TRAIN') {
    check.add(['limits'], 'HAS_NO_EFFECT', `Only trainings have limits; this run is an ${file.spec.task}.`);
  }
  if (name && name.length > NAME_LENGTH) {
    check.add(['name'], 'TOO_LONG', `name must have at most ${NAME_LENGTH} characters; it has ${name.length}.`);
  }
  if (notes && notes.length > NOTES_LENGTH) {
    check.add(['notes'], 'TOO_LONG', `notes must have at most ${NOTES_LENGTH} characters; it has ${notes.length}.`);
  }
  if (labels && labels.length > MAX_LABELS) {
    check.add(['labels'], 'TOO_LONG', `A run has at most ${MAX_LABELS} labels; these are ${labels.length}.`);
  }
  for (const [index, label] of (labels ?? []).entries()) {
    if (!LABEL.test(label)) {
      const message = 'A label has 1 to 64 characters, without spaces and commas.';
      check.add(['labels', String(index)], 'MALFORMED', message);
    }
  }
  return check.issues;
}

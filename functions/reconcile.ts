/** Lambda behind a schedule: has every open run compared with the queue; decides nothing. */
import type { Ganway } from '../graph/ganway.ts';
import { reconcile } from '../graph/run/reconcile.ts';
import { atFirstEvent } from './cold-start.ts';
import { wire } from './wire.ts';

/** Reconciles the projects; throws what failed once all had their turn, so that the schedule's alarm hears of it. */
export function makeReconcile(g: Ganway, projectIds: readonly string[]): () => Promise<void> {
  return async () => {
    const results = await Promise.all(projectIds.map((projectId) => reconcile(g, projectId)));
    const failures = results.flatMap((result) => result.failures);
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} runs could not be reconciled.`);
  };
}

/** Entry of the Lambda; what the schedule sends along is of no interest. */
export const handler: (event: unknown) => Promise<void> = atFirstEvent(() => {
  const { g, env } = wire();
  return makeReconcile(g, [env.project]);
});

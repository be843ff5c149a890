/** Sample sheets and checkpoints: choosing, paging, links. */

import { loadHistory } from '../run/history.ts';
import type { Snapshot } from '../run/load.ts';
import type { SampleRecord } from '../run/state.ts';
import { checkpointId, sampleId } from '../storage/ids.ts';
import type { Context } from './context.ts';
import { badInput } from './errors.ts';
import type { CheckpointModel, SheetModel } from './models.ts';
import { type Connection, MAX_PAGE, pageBySteps, pageLength, stepCursor } from './page.ts';
import type { CheckpointResolvers, RunCheckpointsArgs, RunSamplesArgs, SampleSheetResolvers } from './types.gen.ts';

const sampleCursor = (sample: SampleRecord): string => stepCursor(sample, sample.set);

/**
 * The sheets that pass the conditions, by rising step. `every` keeps the first sheet of each set in every window of so
 * many steps, whatever the order of the page, so that a slider shows the same sheets each time.
 */
export function selectSheets(
  samples: readonly SampleRecord[],
  { from, to, set, every }: Pick<RunSamplesArgs, 'from' | 'to' | 'set' | 'every'>,
): readonly SampleRecord[] {
  const seen = new Set<string>();
  return samples
    .filter((sample) => sample.step >= (from ?? 0) && sample.step <= (to ?? Number.MAX_SAFE_INTEGER))
    .filter((sample) => set == null || sample.set === set)
    .sort((a, b) => (sampleCursor(a) < sampleCursor(b) ? -1 : 1))
    .filter((sample) => {
      if (every == null) return true;
      const window = `${Math.floor(sample.step / every)} ${sample.set}`;
      return !seen.has(window) && seen.add(window);
    });
}

/** A page of a run's sheets. @throws GraphQLError `BAD_USER_INPUT` */
export async function samplesOf(
  snapshot: Snapshot,
  args: Partial<RunSamplesArgs>,
  { g }: Context,
): Promise<Connection<SheetModel>> {
  const first = pageLength(args.first, 20, MAX_PAGE);
  if (args.every === 0) throw badInput('every must be at least 1.', ['every']);
  const { runId } = snapshot.file;
  const newestFirst = args.order !== 'OLDEST_FIRST';
  const page = (samples: readonly SampleRecord[]): Connection<SheetModel> =>
    pageBySteps(
      selectSheets(samples, args).map((sample) => ({ runId, sample })),
      ({ sample }) => sampleCursor(sample),
      { first, after: args.after, newestFirst },
    );
  // The newest are at hand; only what goes further back needs the history.
  if (newestFirst && args.every == null) {
    const recent = page(snapshot.state.recentSamples);
    if (recent.pageInfo.hasNextPage) return recent;
  }
  return page((await loadHistory(g, runId))?.samples ?? []);
}

/** A page of a run's checkpoints. @throws GraphQLError `BAD_USER_INPUT` */
export function checkpointsOf(snapshot: Snapshot, args: Partial<RunCheckpointsArgs>): Connection<CheckpointModel> {
  const { runId } = snapshot.file;
  return pageBySteps(
    snapshot.state.checkpoints.map((checkpoint) => ({ runId, checkpoint })),
    ({ checkpoint }) => stepCursor(checkpoint),
    {
      first: pageLength(args.first, 20, MAX_PAGE),
      after: args.after,
      newestFirst: args.order !== 'OLDEST_FIRST',
    },
  );
}

export const sampleSheet: SampleSheetResolvers = {
  id: ({ runId, sample }) => sampleId(runId, sample),
  set: ({ sample }) => sample.set,
  sha256: ({ sample }) => sample.sha256,
  step: ({ sample }) => sample.step,
  kimg: ({ sample }) => sample.kimg,
  attempt: ({ sample }) => sample.attempt,
  trigger: ({ sample }) => sample.trigger,
  at: ({ sample }) => sample.at,
  url: async ({ sample }, _args, { loaders }) => (await loaders.link.load(sample.key)).url,
  expiresAt: async ({ sample }, _args, { loaders }) => (await loaders.link.load(sample.key)).expiresAt,
  width: ({ sample }) => sample.width,
  height: ({ sample }) => sample.height,
  columns: ({ sample }) => sample.columns,
  rows: ({ sample }) => sample.rows,
};

export const checkpoint: CheckpointResolvers = {
  id: (model) => checkpointId(model.runId, model.checkpoint),
  runId: ({ runId }) => runId,
  step: (model) => model.checkpoint.step,
  kimg: (model) => model.checkpoint.kimg,
  attempt: (model) => model.checkpoint.attempt,
  trigger: (model) => model.checkpoint.trigger,
  bytes: (model) => model.checkpoint.bytes,
  sealedAt: (model) => model.checkpoint.at,
  // Every checkpoint is kept until there is a rule that removes one.
  pinned: () => false,
  deletedAfter: () => null,
};

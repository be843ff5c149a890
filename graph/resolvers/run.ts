/** A run, field by field, from its spec file and its folded state. */
import { projectOf } from '../access/permit.ts';
import { limitsOf } from '../money/limits.ts';
import { spentOf, usdPerHourOf } from '../money/spent.ts';
import { compareCursors, formatCursor, parseCursor, START } from '../run/cursor.ts';
import { loadHistory } from '../run/history.ts';
import { nameOf } from '../run/list.ts';
import { parseLogCursor, readLog } from '../run/log.ts';
import { readEvents } from '../run/replay.ts';
import { progressOf, reasonAt } from '../run/view.ts';
import { projectOfRun } from '../storage/keys.ts';
import { badInput } from './errors.ts';
import { byName, seriesOf } from './metrics.ts';
import { attemptModels } from './models.ts';
import { MAX_LINES, pageLength } from './page.ts';
import { checkpointsOf, samplesOf } from './sheets.ts';
import type { RunFileResolvers, RunResolvers } from './types.gen.ts';

export const run: RunResolvers = {
  id: ({ file }) => file.runId,
  task: ({ file }) => file.spec.task,
  project: ({ file }, _args, { viewer }) => {
    const id = projectOfRun(file.runId);
    const project = projectOf(viewer, id);
    if (project) return project;
    throw new Error(`A run of the project ${id} came to a viewer who may not see it.`);
  },
  createdBy: ({ file }) => file.createdBy,
  labels: ({ state }) => state.labels,
  notes: ({ state }) => state.notes,
  pinned: ({ state }) => state.pinned,
  spec: ({ file: { spec } }) => (spec.task === 'TRAIN' ? spec : null),
  dataset: ({ file: { spec } }, _args, { loaders }) => {
    switch (spec.task) {
      case 'TRAIN':
        return { pinned: spec.dataset, manifest: null };
      case 'IMPORT':
        return loaders.dataset.load(spec.dataset.id);
      case 'EXPORT':
        return null;
    }
  },
  head: ({ state }) => formatCursor(state.cursor),
  phases: ({ state }) => state.phases,
  cost: ({ file: { spec }, state }) => ({
    usd: spentOf(state).usd,
    usdPerHour: usdPerHourOf(state),
    capUsd: limitsOf(spec, state).maxCostUsd,
  }),
  latestSample: ({ file, state }) => {
    const sample = state.recentSamples.at(-1);
    return sample ? { runId: file.runId, sample } : null;
  },
  latestCheckpoint: ({ file, state }) => {
    const checkpoint = state.checkpoints.at(-1);
    return checkpoint ? { runId: file.runId, checkpoint } : null;
  },
  log: async ({ file }, args, { g, viewer }) => {
    const after = args.after ? parseLogCursor(args.after) : null;
    if (args.after && after === null) throw badInput('after is no cursor of a log.', ['after']);
    const page = await readLog(g, viewer, file.runId, { first: pageLength(args.first, 200, MAX_LINES), after });
    return page ?? { lines: [], cursor: args.after ?? '', hasMore: false };
  },
  name: nameOf,
  phase: ({ state }) => state.phase,
  reason: (snapshot, _args, { g }) => reasonAt(snapshot, g.now()),
  createdAt: ({ file }) => file.createdAt,
  startedAt: ({ state }) => state.startedAt,
  endedAt: ({ state }) => state.endedAt,
  step: ({ state }) => state.step,
  kimg: ({ state }) => state.kimg,
  progress: progressOf,
  attempts: ({ state }) => attemptModels(state),
  specJson: ({ file }) => JSON.stringify(file.spec),
  summary: ({ state }) =>
    Object.entries(state.summary)
      .map(([name, { step, value, at }]) => ({ name, step, value, at }))
      .sort(byName),
  metrics: async ({ file }, args, { g }) => seriesOf((await loadHistory(g, file.runId))?.metrics ?? [], args),
  samples: samplesOf,
  checkpoints: checkpointsOf,
  files: ({ state }) => state.files,
  events: async (snapshot, args, { g }) => {
    const after = args.after == null ? START : parseCursor(args.after);
    if (after === null) throw badInput('after is no cursor of a journal.', ['after']);
    const page = await readEvents(g, snapshot.file.runId, {
      after,
      first: pageLength(args.first, 100, MAX_LINES),
      includeSuperseded: args.includeSuperseded ?? false,
    });
    if (page && compareCursors(after, page.snapshot.state.cursor) > 0) {
      throw badInput('after lies past the end of the run: it is a cursor of another.', ['after']);
    }
    return page ?? { since: after, cursor: after, events: [], hasMore: false, snapshot };
  },
};

export const runFile: RunFileResolvers = {
  url: async ({ key }, _args, { loaders }) => (await loaders.link.load(key)).url,
  expiresAt: async ({ key }, _args, { loaders }) => (await loaders.link.load(key)).expiresAt,
};

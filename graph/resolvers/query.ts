/** Queries: what the domain finds, in pages where there may be many. */
import { listApiKeys } from '../access/api-keys.ts';
import { projectOf } from '../access/permit.ts';
import { listDatasets } from '../datasets/load.ts';
import { LIMITS } from '../limits/limits.ts';
import { listRuns } from '../run/list.ts';
import { planTraining } from '../spec/plan.ts';
import { presets } from '../spec/presets.ts';
import { RUN_ID } from '../storage/keys.ts';
import type { Context } from './context.ts';
import { badInput } from './errors.ts';
import { datasetModel, type ProjectModel } from './models.ts';
import { denied, validationFailed } from './mutation.ts';
import { findNode } from './node.ts';
import { connection, MAX_PAGE, pageLength } from './page.ts';
import type { QueryResolvers } from './types.gen.ts';

/** @throws GraphQLError `BAD_USER_INPUT` where the viewer has no such project. */
function requireProject({ viewer }: Context, id: string | null | undefined): ProjectModel {
  const project = projectOf(viewer, id);
  if (project) return project;
  throw badInput(`There is no project "${id}". Ask viewer { projects } for yours.`, ['project']);
}

export const query: QueryResolvers = {
  run: (_root, { id }, { loaders }) => loaders.run.load(id),
  runs: async (_root, args, context) => {
    const project = requireProject(context, args.project);
    const first = pageLength(args.first, 20, MAX_PAGE);
    const after = args.after ?? null;
    if (after !== null && !RUN_ID.test(after)) throw badInput('after is no cursor of this list.', ['after']);
    const options = { projectId: project.id, first, after, filter: args.filter ?? null };
    const { runs, hasNext } = await listRuns(context.g, context.viewer, options);
    return connection(runs, ({ file }) => file.runId, { next: hasNext, previous: after !== null });
  },
  node: (_root, { id }, context) => findNode(id, context),
  viewer: (_root, _args, { viewer }) => viewer,
  presets: () => presets,
  dataset: (_root, { id }, { loaders }) => loaders.dataset.load(id),
  datasets: async (_root, args, context) => {
    const project = requireProject(context, args.project);
    const first = pageLength(args.first, 20, MAX_PAGE);
    const after = args.after ?? null;
    const options = { projectId: project.id, first, after };
    const { datasets, hasNext } = await listDatasets(context.g, context.viewer, options);
    return connection(datasets.map(datasetModel), ({ pinned }) => pinned.id, {
      next: hasNext,
      previous: after !== null,
    });
  },
  apiKeys: async (_root, args, { g, viewer }) => {
    const outcome = await listApiKeys(g, viewer, args.project);
    return outcome.kind === 'listed' ? { __typename: 'ApiKeyList', keys: outcome.keys } : denied(outcome);
  },
  planTraining: async (_root, { input }, { g, viewer }) => {
    const planned = await planTraining(g, viewer, input);
    if (planned.kind === 'invalid') return validationFailed(planned.issues);
    return { __typename: 'TrainingPlan', ...planned.plan };
  },
  server: (_root, _args, { g }) => ({ version: g.settings.version, features: [], limits: LIMITS }),
};

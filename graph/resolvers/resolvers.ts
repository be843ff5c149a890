/** All resolvers in one map: what the schema is made executable with. */
import { dataset } from './dataset.ts';
import { events } from './events.ts';
import { metricValue } from './metrics.ts';
import { mutation } from './mutation.ts';
import { query } from './query.ts';
import { run, runFile } from './run.ts';
import { DateTime, Long, Step } from './scalars.ts';
import { checkpoint, sampleSheet } from './sheets.ts';
import { spec } from './spec.ts';
import { subscription } from './subscription.ts';
import type { Resolvers } from './types.gen.ts';

export const resolvers: Resolvers = {
  DateTime,
  Long,
  Step,
  Query: query,
  Mutation: mutation,
  Subscription: subscription,
  Run: run,
  RunFile: runFile,
  MetricValue: metricValue,
  SampleSheet: sampleSheet,
  Checkpoint: checkpoint,
  Dataset: dataset,
  ...spec,
  ...events,
};

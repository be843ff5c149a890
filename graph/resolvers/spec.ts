/** Specs, presets and data sets as the API shows them. */
import type {
  ModelSpecResolvers,
  PinnedCheckpointResolvers,
  PresetResolvers,
  Resolvers,
  ResourcesSpecResolvers,
  TrainingSpecResolvers,
} from './types.gen.ts';

const trainingSpec: TrainingSpecResolvers = {
  dataset: ({ dataset }) => ({ pinned: dataset, manifest: null }),
};

const pinnedCheckpoint: PinnedCheckpointResolvers = {
  checkpoint: ({ id }) => id,
  run: ({ runId }, _args, { loaders }) => loaders.run.load(runId),
};

/** One type for all kinds of networks: what a kind does not have is null. */
const modelSpec: ModelSpecResolvers = {
  generatorChannels: (model) => (model.architecture === 'DCGAN' ? model.generatorChannels : null),
  discriminatorChannels: (model) => (model.architecture === 'DCGAN' ? model.discriminatorChannels : null),
  kernelSize: (model) => (model.architecture === 'DCGAN' ? model.kernelSize : null),
  generatorWidths: (model) => (model.architecture === 'MLP' ? model.generatorWidths : null),
  discriminatorWidths: (model) => (model.architecture === 'MLP' ? model.discriminatorWidths : null),
};

const resourcesSpec: ResourcesSpecResolvers = {
  precision: ({ precision }) => precision ?? 'FP32',
};

const preset: PresetResolvers = {
  specJson: ({ id, title, description, ...spec }) => JSON.stringify(spec),
};

export const spec = {
  TrainingSpec: trainingSpec,
  PinnedCheckpoint: pinnedCheckpoint,
  ModelSpec: modelSpec,
  ResourcesSpec: resourcesSpec,
  Preset: preset,
} satisfies Partial<Resolvers>;

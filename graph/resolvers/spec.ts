/** Specs, presets and data sets as the API shows them. */
import type {
  ModelSpecResolvers,
  OfferResolvers,
  PinnedCheckpointResolvers,
  PresetResolvers,
  Resolvers,
  TrainingPlanResolvers,
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

const trainingPlan: TrainingPlanResolvers = {
  specJson: ({ spec }) => JSON.stringify(spec),
};

const offer: OfferResolvers = {
  instanceType: ({ machine }) => machine.size.instanceType,
  spot: ({ machine }) => machine.spot,
  usdPerHour: ({ machine }) => machine.usdPerHour,
  pricedAt: ({ machine }) => `${machine.pricedAt}T00:00:00.000Z`,
};

const preset: PresetResolvers = {
  specJson: ({ id, title, description, ...spec }) => JSON.stringify(spec),
};

export const spec = {
  TrainingSpec: trainingSpec,
  PinnedCheckpoint: pinnedCheckpoint,
  ModelSpec: modelSpec,
  TrainingPlan: trainingPlan,
  Offer: offer,
  Preset: preset,
} satisfies Partial<Resolvers>;

/** Specs, presets and data sets as the API shows them. */
import { dropoutOf } from '../spec/spec.ts';
import type {
  ModelSpecResolvers,
  OfferResolvers,
  PinnedCheckpointResolvers,
  PresetResolvers,
  Resolvers,
  ResourcesSpecResolvers,
  ScheduleSpecResolvers,
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
  dropout: dropoutOf,
  capacity: (model) => (model.architecture === 'R3GAN' ? model.capacity : null),
  conditional: (model) => model.architecture === 'R3GAN' && model.conditional,
  generatorWidths: (model) => (model.architecture === 'MLP' ? model.generatorWidths : null),
  discriminatorWidths: (model) => (model.architecture === 'MLP' ? model.discriminatorWidths : null),
};

const resourcesSpec: ResourcesSpecResolvers = {
  precision: ({ precision }) => precision ?? 'FP32',
};

/** One type for all kinds of schedules, too. */
const scheduleSpec: ScheduleSpecResolvers = {
  at: (schedule) => (schedule.kind === 'STEP' ? schedule.at : null),
  learningRate: (schedule) => (schedule.kind === 'CONSTANT' ? null : schedule.learningRate),
  beta2: (schedule) => (schedule.kind === 'CONSTANT' ? null : schedule.beta2),
  gamma: (schedule) => (schedule.kind === 'CONSTANT' ? null : schedule.gamma),
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
  ResourcesSpec: resourcesSpec,
  ScheduleSpec: scheduleSpec,
  TrainingPlan: trainingPlan,
  Offer: offer,
  Preset: preset,
} satisfies Partial<Resolvers>;

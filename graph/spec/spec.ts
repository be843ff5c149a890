/** The resolved, immutable description of a run, as spec.json holds it; knows no input and no defaults. */
import * as v from 'valibot';

const positive = v.pipe(v.number(), v.gtValue(0));
const natural = v.pipe(v.number(), v.integer(), v.minValue(1));

/** The data set a spec pins: nothing a run computes depends on more than what is here. */
const pinnedDataset = v.object({
  id: v.string(),
  /** sha256 of the manifest. */
  digest: v.string(),
  name: v.string(),
  images: natural,
  width: natural,
  height: natural,
  channels: v.picklist([1, 3]),
  classes: v.array(v.string()),
});

/** A checkpoint of another run: nothing of that run is read but what the digest vouches for. */
const pinnedCheckpoint = v.object({
  /** As the API names it. */
  id: v.string(),
  runId: v.string(),
  step: v.pipe(v.number(), v.integer(), v.minValue(0)),
  attempt: natural,
  /** sha256 of its manifest, which names that of every file. */
  digest: v.string(),
});

const adam = v.object({
  /** Adam's α. */
  learningRate: positive,
  beta1: v.number(),
  beta2: v.number(),
  /** PyTorch's ε, added to √v̂. */
  epsilon: positive,
});

const share = v.pipe(v.number(), v.gtValue(0), v.maxValue(1));

const loss = v.object({
  kind: v.picklist(['NON_SATURATING', 'MINIMAX', 'HINGE', 'LEAST_SQUARES', 'WASSERSTEIN', 'RELATIVISTIC_PAIRING']),
  /** Probability that D is to give real images: below 1 it is one-sided label smoothing, of losses of cross entropy. */
  realTarget: v.optional(share, 1),
});

/** What D pays for being steep. */
const regularizer = v.object({
  /** R1: where images are real; R1_R2: also where they are generated; GRADIENT_PENALTY: between the two, where not 1. */
  kind: v.picklist(['NONE', 'R1', 'R1_R2', 'GRADIENT_PENALTY']),
  /** γ of ½γ‖slope‖², or λ of λ(‖slope‖ - 1)². */
  gamma: v.pipe(v.number(), v.minValue(0)),
  /** Share of the batch whose slopes are looked at. */
  fraction: share,
});

/** The moving average of the generator's weights. */
const ema = v.object({
  /** Images after which a weight counts half, in thousands. */
  halfLifeKimg: positive,
  /** The half-life is never more than this share of the images shown so far. */
  rampUp: share,
});

/** What learning rates, β₂ and γ have become in the end; null: they stay what they were. */
const finals = {
  learningRate: v.nullable(positive),
  beta2: v.nullable(v.number()),
  gamma: v.nullable(v.number()),
};

/** How they get there, by the share of the run's images that were shown. */
const schedule = v.variant('kind', [
  v.object({ kind: v.literal('CONSTANT') }),
  v.object({ kind: v.literal('COSINE'), ...finals }),
  /** All at once, when this share was shown. */
  v.object({ kind: v.literal('STEP'), at: share, ...finals }),
]);

/** Networks by architecture; sizes of images come from the data set. */
const model = v.variant('architecture', [
  v.object({
    architecture: v.literal('DCGAN'),
    latentSize: natural,
    /** Channels of the generator's stages, from the dense one on; the image's own channels follow. */
    generatorChannels: v.array(natural),
    discriminatorChannels: v.array(natural),
    /** Rate at which the discriminator's activations are dropped, 0 to below 1. */
    dropout: v.number(),
    kernelSize: natural,
  }),
  v.object({
    architecture: v.literal('MLP'),
    latentSize: natural,
    generatorWidths: v.array(natural),
    discriminatorWidths: v.array(natural),
    dropout: v.number(),
  }),
  v.object({
    architecture: v.literal('R3GAN'),
    latentSize: natural,
    /** Multiplies the channels of every stage of both networks; 1: 64 beside the image. */
    capacity: positive,
    /** Both networks are told the class of each image. */
    conditional: v.boolean(),
  }),
]);

/**
 * What convolutions and products of matrices are computed in; all else, and what is kept, is float32. TF32: factors of
 * ten binary digits, on GPUs that have it (Ampere and later). BF16: factors and results of eight.
 */
const precision = v.picklist(['FP32', 'TF32', 'BF16']);

/** When a training stops early, through a checkpoint; null: never. A run may be given others later. */
const trainLimits = v.object({
  /** Seconds of computing over all attempts of all launches. */
  maxRuntime: v.nullable(natural),
  /** US dollars over all containers of all launches. */
  maxCostUsd: v.optional(v.nullable(positive), null),
  /** Seconds that the run may wait for a machine, each time it waits. */
  maxQueueTime: v.optional(v.nullable(natural), null),
});

const trainSpec = v.object({
  v: v.literal(1),
  task: v.literal('TRAIN'),
  preset: v.nullable(v.string()),
  dataset: pinnedDataset,
  /** What the first attempt begins with in place of initial weights; null: nothing. */
  startFrom: v.optional(v.nullable(pinnedCheckpoint), null),
  seed: v.pipe(v.number(), v.integer()),
  /** Length in thousands of real images shown. */
  kimg: positive,
  batchSize: natural,
  /** Parts that a step computes one after the other, to need less memory; divides batchSize. */
  microBatches: v.optional(natural, 1),
  /** G learns from the images that D has just learned from, rather than from new ones. */
  reuseFakes: v.optional(v.boolean(), false),
  /** ⌈kimg · 1000 / batchSize⌉: the last step. */
  steps: natural,
  model,
  loss,
  regularizer: v.optional(regularizer, { kind: 'NONE', gamma: 0, fraction: 1 }),
  /** null: samples and exports are of the weights themselves. */
  ema: v.optional(v.nullable(ema), null),
  schedule: v.optional(schedule, { kind: 'CONSTANT' }),
  optimizers: v.object({ generator: adam, discriminator: adam }),
  snapshots: v.object({
    /** A metric row every so many steps. */
    tickSteps: natural,
    sampleSteps: natural,
    checkpointSteps: natural,
    /** Extra sheets and checkpoints by wall time; they change no training state. */
    sampleSeconds: positive,
    checkpointSeconds: positive,
    /** Cells of a sheet. */
    columns: natural,
    rows: natural,
  }),
  resources: v.object({
    /** Fixed, because the rounding of sums depends on it. */
    threads: natural,
    gpus: v.pipe(v.number(), v.integer(), v.minValue(0)),
    /** Limit of the container's memory, MiB. */
    memoryMb: natural,
    /** Absent in specs from before there was a choice, whose checkpoints know them by their hash: FP32. */
    precision: v.optional(precision),
    /** The rented machine; both null where the run takes a slot of its queue. */
    instanceType: v.optional(v.nullable(v.string()), null),
    spot: v.optional(v.nullable(v.boolean()), null),
  }),
  limits: trainLimits,
});

const importSpec = v.object({
  v: v.literal(1),
  task: v.literal('IMPORT'),
  dataset: v.object({ id: v.string(), name: v.string() }),
  /** Width and height of the images made, pixels. */
  size: natural,
  uploads: v.array(
    v.object({ id: v.string(), name: v.string(), key: v.string(), bytes: v.number(), sha256: v.string() }),
  ),
  resources: v.object({ threads: natural, gpus: v.number(), memoryMb: natural }),
  limits: v.object({ maxRuntime: v.nullable(natural) }),
});

/** Files that a generator can leave as. */
const exportFormat = v.picklist(['SAFETENSORS', 'SAVED_MODEL', 'TFJS']);

const exportSpec = v.object({
  v: v.literal(1),
  task: v.literal('EXPORT'),
  checkpoint: pinnedCheckpoint,
  /** Of the run that wrote the checkpoint: which networks it holds, and what they have learned from. */
  training: trainSpec,
  formats: v.array(exportFormat),
  resources: v.object({ threads: natural, gpus: v.number(), memoryMb: natural }),
  limits: v.object({ maxRuntime: v.nullable(natural) }),
});

const spec = v.variant('task', [trainSpec, importSpec, exportSpec]);

/** What spec.json holds: the spec, and what is true of the run from its first moment on. */
export const specFile = v.object({
  v: v.literal(1),
  runId: v.string(),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  createdBy: v.string(),
  name: v.nullable(v.string()),
  spec,
});

export type PinnedDataset = v.InferOutput<typeof pinnedDataset>;
export type PinnedCheckpoint = v.InferOutput<typeof pinnedCheckpoint>;
export type ModelSpec = v.InferOutput<typeof model>;
export type LossSpec = v.InferOutput<typeof loss>;
export type RegularizerSpec = v.InferOutput<typeof regularizer>;
export type EmaSpec = v.InferOutput<typeof ema>;
export type ScheduleSpec = v.InferOutput<typeof schedule>;
export type AdamSpec = v.InferOutput<typeof adam>;
export type ResourcesSpec = TrainSpec['resources'];
export type Precision = v.InferOutput<typeof precision>;
export type Limits = v.InferOutput<typeof trainLimits>;
export type TrainSpec = v.InferOutput<typeof trainSpec>;
export type ImportSpec = v.InferOutput<typeof importSpec>;
export type ExportSpec = v.InferOutput<typeof exportSpec>;
export type ExportFormat = v.InferOutput<typeof exportFormat>;
export type Spec = v.InferOutput<typeof spec>;
export type SpecFile = v.InferOutput<typeof specFile>;

/** How many classes the networks of a training are told apart; 0 where they are told none. */
export function classesOf({ model, dataset }: Pick<TrainSpec, 'model' | 'dataset'>): number {
  return model.architecture === 'R3GAN' && model.conditional ? dataset.classes.length : 0;
}

/** Rate at which D's activations are dropped. */
export function dropoutOf(model: ModelSpec): number {
  return model.architecture === 'R3GAN' ? 0 : model.dropout;
}

/** The spec file in a value read from storage. Throws where it is none. */
export function parseSpecFile(value: unknown): SpecFile {
  return v.parse(specFile, value);
}

// Made from schema.graphql by `npm run codegen`. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/**
 * What a training should be. All but the data set is optional: the preset, or the training whose checkpoint it starts from,
 * says the rest; `planTraining` shows the result.
 */
export type TrainingInput = {
  /** The named spec to start from, one of `presets`. Null: that of `startFrom`'s training, or else `r3gan`. */
  readonly preset?: string | null | undefined;
  /** A data set's id; built-in ones have readable ids such as `digits`. */
  readonly dataset: string;
  /** Begin with what another training has learned. */
  readonly startFrom?: StartFromInput | null | undefined;
  /** A name for people, at most 200 characters. */
  readonly name?: string | null | undefined;
  /** Seed of every random number of the run; the same spec and seed give the same run. Null: that of `startFrom`'s training, or else 0. */
  readonly seed?: number | null | undefined;
  /** Length of the training in thousands of real images shown. */
  readonly kimg?: number | null | undefined;
  /** Images per step. */
  readonly batchSize?: number | null | undefined;
  /** Parts of a batch that a step computes one after the other: the same training in less memory, for networks without batch norm. A divisor of batchSize, 1 where it is null. */
  readonly microBatches?: number | null | undefined;
  /**
   * The generator learns from the images that the discriminator has just learned from, instead of drawing others: a step
   * draws once and is the cheaper for it, but both players see the same noise. False where it is null.
   */
  readonly reuseFakes?: boolean | null | undefined;
  /** Changes to the preset's networks. */
  readonly model?: ModelInput | null | undefined;
  /** Changes to the preset's loss. */
  readonly loss?: LossInput | null | undefined;
  /** Changes to what the discriminator pays for being steep. */
  readonly regularizer?: RegularizerInput | null | undefined;
  /** Changes to the moving average of the generator's weights. */
  readonly ema?: EmaInput | null | undefined;
  /** Changes to what learning rates, β₂ and γ become in the course of the training. */
  readonly schedule?: ScheduleInput | null | undefined;
  /** Changes to the preset's optimizers. */
  readonly optimizers?: OptimizersInput | null | undefined;
  /** How often metrics, sample sheets and checkpoints are written. */
  readonly snapshots?: SnapshotsInput | null | undefined;
  /** What the run needs of a machine. */
  readonly resources?: ResourcesInput | null | undefined;
  /** When to stop early. */
  readonly limits?: LimitsInput | null | undefined;
};

/**
 * A checkpoint to begin with, of any training that the viewer may see. The new run takes over its weights and averages and
 * starts at step 0 with optimizers that are new: moments of zero, an update count of one. Unless `preset` is given, model,
 * loss, regularizer, ema, schedule, optimizers, batchSize, microBatches, kimg and seed are those of the checkpoint's training where the input leaves them
 * out; the networks must be its own, the data set need not.
 */
export type StartFromInput = {
  /** Id of a checkpoint, as `checkpoints` of a run lists them. */
  readonly checkpoint: string;
};

/** Changes to the networks; what is left out comes from the preset, and so does their kind. */
export type ModelInput = {
  /** Length of the random vector that an image is made from. */
  readonly latentSize?: number | null | undefined;
  /** DCGAN: channels of the generator's stages, from the dense one on; the image's own channels follow. */
  readonly generatorChannels?: ReadonlyArray<number> | null | undefined;
  /** DCGAN: channels of the discriminator's convolutions. */
  readonly discriminatorChannels?: ReadonlyArray<number> | null | undefined;
  /** DCGAN: width and height of the convolution kernels. */
  readonly kernelSize?: number | null | undefined;
  /** MLP: widths of the generator's hidden layers. */
  readonly generatorWidths?: ReadonlyArray<number> | null | undefined;
  /** MLP: widths of the discriminator's hidden layers. */
  readonly discriminatorWidths?: ReadonlyArray<number> | null | undefined;
  /** DCGAN and MLP: rate at which the discriminator's activations are dropped, from 0 to below 1. */
  readonly dropout?: number | null | undefined;
  /** R3GAN: multiplies the channels of every stage of both networks, from 0.0625 to 8; 1 means 64 beside the image and twice as many at each smaller size, up to 256. */
  readonly capacity?: number | null | undefined;
  /**
   * R3GAN: both networks are told the class of each image. Null: where the data set has labels. Sheets then show one latent in each
   * row and one class in each column; where there are more columns than classes, the classes begin anew with other latents.
   */
  readonly conditional?: boolean | null | undefined;
};

/** What generator and discriminator optimise. */
export type LossKind =
  /** The generator maximises log D(G(z)): strong gradients early in the training (Goodfellow et al. 2014). */
  | 'NON_SATURATING'
  /** The generator minimises log(1 − D(G(z))): the two-player game of the original paper. */
  | 'MINIMAX'
  /** The discriminator learns only from images on the wrong side of its margin (Lim and Ye 2017). */
  | 'HINGE'
  /** Squared distances from 1 for real images and 0 for generated ones (Mao et al. 2017). */
  | 'LEAST_SQUARES'
  /** The earth mover's distance (Arjovsky et al. 2017); it needs a regularizer of kind GRADIENT_PENALTY. */
  | 'WASSERSTEIN'
  /** Real and generated images in pairs: only how they compare counts, so that no mode is worth dropping (Jolicoeur-Martineau 2018, Huang et al. 2024). */
  | 'RELATIVISTIC_PAIRING';

/** Changes to the loss; what is left out comes from the preset. */
export type LossInput = {
  /** Which loss on the discriminator's logits. */
  readonly kind?: LossKind | null | undefined;
  /** NON_SATURATING and MINIMAX: the probability that the discriminator is to give real images, above 0.5 to 1. Below 1 it is one-sided label smoothing (Salimans et al. 2016). */
  readonly realTarget?: number | null | undefined;
};

/** What the discriminator pays for: how fast its logit changes with the pixels of an image. */
export type RegularizerKind =
  /** Nothing. */
  | 'NONE'
  /** The mean of ‖∂logit/∂image‖² over real images, times γ/2 (Mescheder et al. 2018). */
  | 'R1'
  /** R1, and the same over generated images. */
  | 'R1_R2'
  /** The mean of (‖∂logit/∂image‖ − 1)² over images between real and generated ones, times γ: the penalty of WGAN-GP (Gulrajani et al. 2017). */
  | 'GRADIENT_PENALTY';

/** Changes to the regularizer; what is left out comes from the preset. */
export type RegularizerInput = {
  /** What is paid for. */
  readonly kind?: RegularizerKind | null | undefined;
  /** Its weight, from 0; it may follow the schedule. Where only the kind is given: 1, or 10 for GRADIENT_PENALTY. */
  readonly gamma?: number | null | undefined;
  /** Share of each batch that it looks at, or of each part of one, above 0 to 1: the same on average, at a part of the price. */
  readonly fraction?: number | null | undefined;
};

/** Changes to the moving average of the generator's weights; what is left out comes from the preset. Sheets are of set `ema` where there is one, else of set `raw`; exports have the averages, too. */
export type EmaInput = {
  /** Images after which a weight counts half, in thousands. 0: there is no average. */
  readonly halfLifeKimg?: number | null | undefined;
  /** The half-life is never more than this share of the images shown so far, above 0 to 1. Null: that of the preset, or 0.05. */
  readonly rampUp?: number | null | undefined;
};

/** How values change by the share of the run's images that were shown. */
export type ScheduleKind =
  /** They stay. */
  | 'CONSTANT'
  /** Half a wave of the cosine to the final values, without restarts (Loshchilov and Hutter 2017). */
  | 'COSINE'
  /** To the final values at once. */
  | 'STEP';

/** Changes to the schedule; what is left out comes from the preset. Values that have no final one stay what they are. */
export type ScheduleInput = {
  /** How values get to the final ones. */
  readonly kind?: ScheduleKind | null | undefined;
  /** STEP: share of the images after which the final values hold, above 0 to 1; 0.5 where it is null. */
  readonly at?: number | null | undefined;
  /** Final learning rate of both optimizers, above 0. */
  readonly learningRate?: number | null | undefined;
  /** Final β₂ of both optimizers, from 0 to below 1. */
  readonly beta2?: number | null | undefined;
  /** Final weight of the regularizer, from 0. */
  readonly gamma?: number | null | undefined;
};

/** Changes to both optimizers; what is left out comes from the preset. */
export type OptimizersInput = {
  /** Adam of the generator. */
  readonly generator?: AdamInput | null | undefined;
  /** Adam of the discriminator. */
  readonly discriminator?: AdamInput | null | undefined;
};

/** Changes to one Adam optimizer (Kingma and Ba 2015); what is left out comes from the preset. */
export type AdamInput = {
  /** Step size α, above 0. */
  readonly learningRate?: number | null | undefined;
  /** Decay of the mean of gradients, from 0 to below 1. */
  readonly beta1?: number | null | undefined;
  /** Decay of the mean of squared gradients, from 0 to below 1. */
  readonly beta2?: number | null | undefined;
  /** Added to the root of the second moment, above 0. */
  readonly epsilon?: number | null | undefined;
};

/** How often the run is recorded; what is left out follows from its length. */
export type SnapshotsInput = {
  /** Steps from one metric row to the next. */
  readonly tickSteps?: number | null | undefined;
  /** Steps from one sample sheet to the next. */
  readonly sampleSteps?: number | null | undefined;
  /** Steps from one checkpoint to the next. */
  readonly checkpointSteps?: number | null | undefined;
  /** An extra sheet when so many seconds passed without one; it changes nothing in the training. */
  readonly sampleSeconds?: number | null | undefined;
  /** An extra checkpoint when so many seconds passed without one; it changes nothing in the training. */
  readonly checkpointSeconds?: number | null | undefined;
  /** Images in a row of a sheet. Null: 8, or for conditional networks one for each class, at most 10. */
  readonly columns?: number | null | undefined;
  /** Rows of a sheet. */
  readonly rows?: number | null | undefined;
};

/** What the run needs of a machine. What is left out is one slot of the queue, or the whole of a rented machine. */
export type ResourcesInput = {
  /** CPU threads of the computation. Part of the spec, because the rounding of sums depends on it. */
  readonly threads?: number | null | undefined;
  /** Memory of the container in MiB. */
  readonly memoryMb?: number | null | undefined;
  /** Type of the machine to rent, for example `g5.xlarge`; `planTraining` lists which there are. Where it is null, the one with a GPU that is thought to compute most for its money. Only on servers that rent machines. */
  readonly instanceType?: string | null | undefined;
  /** Whether the machine may be taken away at any time, which is cheaper: the run continues elsewhere. Where it is null, whatever costs less. Only on servers that rent machines. */
  readonly spot?: boolean | null | undefined;
  /** What products are computed in. Null: `TF32` on a GPU, `FP32` without one. */
  readonly precision?: Precision | null | undefined;
};

/**
 * What convolutions and products of matrices are computed in. Weights, optimizers, norms, losses and gradient penalties are
 * float32 under each. Part of the spec, because results depend on it.
 */
export type Precision =
  /** All 24 binary digits of float32; forbids TF32 on GPUs that would use it. */
  | 'FP32'
  /** Factors have 11 binary digits, on NVIDIA GPUs from Ampere on, and sums 24. Not without a GPU. */
  | 'TF32'
  /** Factors and results are bfloat16, which has 8 binary digits and the range of float32; sums have 24 digits. Penalties stay FP32. */
  | 'BF16';

/** When to stop early: through a checkpoint where the run computes. updateRun changes them, also of a run that goes on. */
export type LimitsInput = {
  /** Seconds of computing over all attempts of all launches. */
  readonly maxRuntime?: number | null | undefined;
  /** US dollars over all containers of all launches. The run stops when what two more minutes would cost is all that is left, so that its last checkpoint is within the budget. */
  readonly maxCostUsd?: number | null | undefined;
  /** Seconds that the run may wait for a machine, each time it waits. */
  readonly maxQueueTime?: number | null | undefined;
};

/** A training to start. */
export type LaunchTrainingInput = {
  /** The same key with the same training returns the same run, however often it is sent. */
  readonly idempotencyKey: string;
  /** The viewer's default project where it is null. */
  readonly project?: string | null | undefined;
  /** What to train. */
  readonly training: TrainingInput;
};

/** A task to start. */
export type LaunchTaskInput = {
  /** The same key with the same task returns the same run, however often it is sent. */
  readonly idempotencyKey: string;
  /** The viewer's default project where it is null. */
  readonly project?: string | null | undefined;
  /** What to do. */
  readonly task: TaskInput;
};

/** The task: exactly one of these. */
export type TaskInput =
  {   /** Make a data set from uploaded files. */
  readonly importDataset: ImportDatasetInput; readonly export?: never; }
  |  { readonly importDataset?: never;   /** Make files of the generator in a checkpoint, to be used elsewhere. */
  readonly export: ExportInput; };

/** A data set to make from uploads: zip archives or single images (PNG, JPEG, WebP), IDX or CIFAR binary files. */
export type ImportDatasetInput = {
  /** Ids of the uploads, in order. Folders inside an archive become classes. */
  readonly uploads: ReadonlyArray<string>;
  /** Name of the new data set. */
  readonly name: string;
  /** Width and height of its images in pixels; pictures are cropped to the middle square and scaled. */
  readonly size: number;
};

/** What a generator can leave as. Each is there beside `provenance.json`, which says where it comes from and how it is used. */
export type ExportFormat =
  /** Its weights by name, as `generator.safetensors`. */
  | 'SAFETENSORS'
  /**
   * A TensorFlow SavedModel, as `saved_model/`, whose signature `serving_default` makes `images` of `z`: float32 from −1 to 1,
   * `[n, height, width, channels]`, of normal numbers, `[n, latentSize]`, and for conditional networks of `labels`: int32 `[n]`,
   * the place of a class in the data set's list. Weights are constants, averaged ones where the training had an average.
   */
  | 'SAVED_MODEL'
  /** The same for TF.js, as `tfjs/model.json` and its weights: load it with `tf.loadGraphModel`. */
  | 'TFJS';

/** A generator to make files of. They are `files` of the run. */
export type ExportInput = {
  /** Id of a checkpoint, as `checkpoints` of a run lists them. */
  readonly checkpoint: string;
  /** What to make, at least one. */
  readonly formats: ReadonlyArray<ExportFormat>;
};

/** A file about to be uploaded. */
export type CreateUploadInput = {
  /** The viewer's default project where it is null. */
  readonly project?: string | null | undefined;
  /** File name with its ending. */
  readonly name: string;
  /** Exact size. */
  readonly bytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256: string;
};

/** What a viewer may do in a project. */
export type Role =
  /** Look. */
  | 'VIEWER'
  /** Look, launch, stop, resume, upload, change and delete. */
  | 'RUNNER'
  /** Everything; also API keys, and who has which role. */
  | 'ADMIN';

/** An API key to make. */
export type CreateApiKeyInput = {
  /** The viewer's default project where it is null. */
  readonly project?: string | null | undefined;
  /** What it is for, at most 200 characters. */
  readonly name: string;
  /** What its holder may do in the project. */
  readonly role: Role;
  /** It is refused after this. Null: it is good until it is revoked. */
  readonly expiresAt?: string | null | undefined;
};

/** A person's place in a project. */
export type SetMemberInput = {
  /** The viewer's default project where it is null. */
  readonly project?: string | null | undefined;
  /** Id of the person, as `viewer { id }` shows it to them. */
  readonly user: string;
  /** What they may do there from now on. Null takes them out. */
  readonly role?: Role | null | undefined;
};

/** What a run does. */
export type TaskKind =
  /** Trains a GAN. */
  | 'TRAIN'
  /** Makes a data set from uploaded files. */
  | 'IMPORT'
  /** Makes files of the generator in a checkpoint. */
  | 'EXPORT';

/** Where a run is in its life. */
export type RunPhase =
  /** Recorded, and waiting for a free machine. */
  | 'QUEUED'
  /** A machine was found; container and data set are being prepared. */
  | 'STARTING'
  /** Computing. */
  | 'RUNNING'
  /** Asked to stop; writing a last checkpoint. */
  | 'STOPPING'
  /** Ended with everything done. */
  | 'SUCCEEDED'
  /** Ended before it was done; `reason` says why. */
  | 'FAILED'
  /** Ended on request or at a limit, through a checkpoint; resumeRun continues it. */
  | 'STOPPED';

/** A number that JSON cannot hold. */
export type NonFinite =
  /** Not a number. */
  | 'NAN'
  /** Above every number. */
  | 'POSITIVE_INFINITY'
  /** Below every number. */
  | 'NEGATIVE_INFINITY';

/** Why a sheet or checkpoint was written. */
export type Trigger =
  /** The spec has one at this step: every equal run has it. */
  | 'SCHEDULE'
  /** Time had passed; extra. */
  | 'CLOCK'
  /** The run was asked to stop; extra. */
  | 'SIGNAL';

/** Conditions on runs; a run must pass all that are given. */
export type RunFilter = {
  /** In one of these phases. */
  readonly phases?: ReadonlyArray<RunPhase> | null | undefined;
  /** Of one of these tasks. */
  readonly tasks?: ReadonlyArray<TaskKind> | null | undefined;
  /** With this text in the name, whatever the case. */
  readonly nameContains?: string | null | undefined;
  /** With all of these labels. */
  readonly labels?: ReadonlyArray<string> | null | undefined;
  /** Trained on, or making, this data set. */
  readonly dataset?: string | null | undefined;
  /** Begun from this preset. */
  readonly preset?: string | null | undefined;
};

export type RunLineFragment = { readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly reason: { readonly code: string, readonly message: string } | null };

export type RunDetailFragment = { readonly head: string, readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly spec: { readonly preset: string | null, readonly kimg: number, readonly batchSize: number, readonly steps: number, readonly dataset: { readonly id: string } } | null, readonly summary: ReadonlyArray<{ readonly name: string, readonly step: number, readonly value: number | null, readonly nonFinite: NonFinite | null, readonly at: string }>, readonly reason: { readonly code: string, readonly message: string } | null };

export type MetricFieldsFragment = { readonly name: string, readonly step: number, readonly value: number | null, readonly nonFinite: NonFinite | null, readonly at: string };

export type ProblemsFragment = { readonly message: string, readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>, readonly code: string, readonly message: string }> };

export type SheetFieldsFragment = { readonly id: string, readonly set: string, readonly sha256: string, readonly step: number, readonly kimg: number, readonly attempt: number, readonly url: string, readonly width: number, readonly height: number };

export type CheckpointFieldsFragment = { readonly id: string, readonly runId: string, readonly step: number, readonly kimg: number, readonly attempt: number, readonly trigger: Trigger, readonly bytes: number, readonly sealedAt: string, readonly pinned: boolean, readonly deletedAfter: string | null };

export type ApiKeyFieldsFragment = { readonly id: string, readonly name: string, readonly role: Role, readonly createdBy: string, readonly createdAt: string, readonly expiresAt: string | null };

export type RunQueryVariables = Exact<{
  id: string;
}>;


export type RunQuery = { readonly run: { readonly head: string, readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly spec: { readonly preset: string | null, readonly kimg: number, readonly batchSize: number, readonly steps: number, readonly dataset: { readonly id: string } } | null, readonly summary: ReadonlyArray<{ readonly name: string, readonly step: number, readonly value: number | null, readonly nonFinite: NonFinite | null, readonly at: string }>, readonly reason: { readonly code: string, readonly message: string } | null } | null };

export type RunsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: RunFilter | null | undefined;
}>;


export type RunsQuery = { readonly runs: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly reason: { readonly code: string, readonly message: string } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type SamplesQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  set?: string | null | undefined;
  every?: number | null | undefined;
}>;


export type SamplesQuery = { readonly run: { readonly samples: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly set: string, readonly sha256: string, readonly step: number, readonly kimg: number, readonly attempt: number, readonly url: string, readonly width: number, readonly height: number } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type CheckpointsQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
}>;


export type CheckpointsQuery = { readonly run: { readonly attempts: ReadonlyArray<{ readonly number: number, readonly exact: boolean, readonly differs: ReadonlyArray<string> }>, readonly checkpoints: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly runId: string, readonly step: number, readonly kimg: number, readonly attempt: number, readonly trigger: Trigger, readonly bytes: number, readonly sealedAt: string, readonly pinned: boolean, readonly deletedAfter: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type FindCheckpointQueryVariables = Exact<{
  id: string;
}>;


export type FindCheckpointQuery = { readonly node:
    | { readonly __typename: 'Project' }
    | { readonly __typename: 'Run', readonly task: TaskKind, readonly latestCheckpoint: { readonly id: string, readonly runId: string, readonly step: number, readonly kimg: number, readonly attempt: number, readonly trigger: Trigger, readonly bytes: number, readonly sealedAt: string, readonly pinned: boolean, readonly deletedAfter: string | null } | null }
    | { readonly __typename: 'SampleSheet' }
    | { readonly __typename: 'Checkpoint', readonly id: string, readonly runId: string, readonly step: number, readonly kimg: number, readonly attempt: number, readonly trigger: Trigger, readonly bytes: number, readonly sealedAt: string, readonly pinned: boolean, readonly deletedAfter: string | null }
    | { readonly __typename: 'Dataset' }
   | null };

export type RunFilesQueryVariables = Exact<{
  id: string;
}>;


export type RunFilesQuery = { readonly run: { readonly files: ReadonlyArray<{ readonly name: string, readonly bytes: number, readonly sha256: string, readonly url: string }> } | null };

export type DatasetsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type DatasetsQuery = { readonly datasets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly images: number, readonly width: number, readonly height: number, readonly channels: number, readonly classes: ReadonlyArray<string>, readonly bytes: number } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ImportedDatasetQueryVariables = Exact<{
  id: string;
}>;


export type ImportedDatasetQuery = { readonly dataset: { readonly id: string, readonly name: string, readonly images: number, readonly width: number, readonly height: number, readonly channels: number, readonly classes: ReadonlyArray<string>, readonly skippedTotal: number, readonly skipped: ReadonlyArray<{ readonly name: string, readonly reason: string }> } | null };

export type ServerQueryVariables = Exact<{ [key: string]: never; }>;


export type ServerQuery = { readonly server: { readonly version: string, readonly features: ReadonlyArray<{ readonly name: string, readonly enabled: boolean }> } };

export type LaunchTrainingMutationVariables = Exact<{
  input: LaunchTrainingInput;
}>;


export type LaunchTrainingMutation = { readonly launchTraining:
    | { readonly __typename: 'LaunchTrainingSuccess', readonly replayed: boolean, readonly run: { readonly head: string, readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly spec: { readonly preset: string | null, readonly kimg: number, readonly batchSize: number, readonly steps: number, readonly dataset: { readonly id: string } } | null, readonly summary: ReadonlyArray<{ readonly name: string, readonly step: number, readonly value: number | null, readonly nonFinite: NonFinite | null, readonly at: string }>, readonly reason: { readonly code: string, readonly message: string } | null } }
    | { readonly __typename: 'ValidationFailed', readonly message: string, readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>, readonly code: string, readonly message: string }> }
    | { readonly __typename: 'IdempotencyConflict', readonly message: string }
    | { readonly __typename: 'QuotaExceeded', readonly message: string }
    | { readonly __typename: 'BudgetTooLow', readonly message: string }
    | { readonly __typename: 'InvalidState', readonly message: string }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type LaunchTaskMutationVariables = Exact<{
  input: LaunchTaskInput;
}>;


export type LaunchTaskMutation = { readonly launchTask:
    | { readonly __typename: 'LaunchTaskSuccess', readonly replayed: boolean, readonly run: { readonly specJson: string, readonly head: string, readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly spec: { readonly preset: string | null, readonly kimg: number, readonly batchSize: number, readonly steps: number, readonly dataset: { readonly id: string } } | null, readonly summary: ReadonlyArray<{ readonly name: string, readonly step: number, readonly value: number | null, readonly nonFinite: NonFinite | null, readonly at: string }>, readonly reason: { readonly code: string, readonly message: string } | null } }
    | { readonly __typename: 'ValidationFailed', readonly message: string, readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>, readonly code: string, readonly message: string }> }
    | { readonly __typename: 'IdempotencyConflict', readonly message: string }
    | { readonly __typename: 'QuotaExceeded', readonly message: string }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type CreateUploadMutationVariables = Exact<{
  input: CreateUploadInput;
}>;


export type CreateUploadMutation = { readonly createUpload:
    | { readonly __typename: 'Upload', readonly id: string, readonly url: string, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }> }
    | { readonly __typename: 'ValidationFailed', readonly message: string, readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>, readonly code: string, readonly message: string }> }
    | { readonly __typename: 'QuotaExceeded', readonly message: string }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type StopRunMutationVariables = Exact<{
  id: string;
}>;


export type StopRunMutation = { readonly stopRun:
    | { readonly __typename: 'StopRunSuccess', readonly run: { readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly reason: { readonly code: string, readonly message: string } | null } }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type ResumeRunMutationVariables = Exact<{
  id: string;
}>;


export type ResumeRunMutation = { readonly resumeRun:
    | { readonly __typename: 'LaunchTrainingSuccess', readonly run: { readonly head: string, readonly id: string, readonly name: string | null, readonly task: TaskKind, readonly phase: RunPhase, readonly step: number, readonly kimg: number, readonly progress: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly spec: { readonly preset: string | null, readonly kimg: number, readonly batchSize: number, readonly steps: number, readonly dataset: { readonly id: string } } | null, readonly summary: ReadonlyArray<{ readonly name: string, readonly step: number, readonly value: number | null, readonly nonFinite: NonFinite | null, readonly at: string }>, readonly reason: { readonly code: string, readonly message: string } | null } }
    | { readonly __typename: 'ValidationFailed', readonly message: string }
    | { readonly __typename: 'IdempotencyConflict', readonly message: string }
    | { readonly __typename: 'QuotaExceeded', readonly message: string }
    | { readonly __typename: 'BudgetTooLow', readonly message: string }
    | { readonly __typename: 'InvalidState', readonly message: string }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type ApiKeysQueryVariables = Exact<{
  project?: string | null | undefined;
}>;


export type ApiKeysQuery = { readonly apiKeys:
    | { readonly __typename: 'ApiKeyList', readonly keys: ReadonlyArray<{ readonly id: string, readonly name: string, readonly role: Role, readonly createdBy: string, readonly createdAt: string, readonly expiresAt: string | null }> }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { readonly createApiKey:
    | { readonly __typename: 'CreateApiKeySuccess', readonly token: string, readonly key: { readonly id: string, readonly name: string, readonly role: Role, readonly createdBy: string, readonly createdAt: string, readonly expiresAt: string | null } }
    | { readonly __typename: 'ValidationFailed', readonly message: string, readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>, readonly code: string, readonly message: string }> }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string;
}>;


export type RevokeApiKeyMutation = { readonly revokeApiKey:
    | { readonly __typename: 'RevokeApiKeySuccess', readonly id: string }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type SetMemberMutationVariables = Exact<{
  input: SetMemberInput;
}>;


export type SetMemberMutation = { readonly setMember:
    | { readonly __typename: 'SetMemberSuccess', readonly user: string, readonly role: Role | null }
    | { readonly __typename: 'ValidationFailed', readonly message: string, readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string>, readonly code: string, readonly message: string }> }
    | { readonly __typename: 'Forbidden', readonly message: string }
    | { readonly __typename: 'NotFound', readonly message: string }
   };

export type WatchRunSubscriptionVariables = Exact<{
  runId: string;
  after?: string | null | undefined;
}>;


export type WatchRunSubscription = { readonly runEvents: { readonly since: string, readonly cursor: string, readonly hasMore: boolean, readonly run: { readonly phase: RunPhase, readonly progress: number, readonly step: number, readonly kimg: number, readonly reason: { readonly code: string, readonly message: string } | null }, readonly events: ReadonlyArray<
      | { readonly __typename: 'MetricsLogged', readonly cursor: string, readonly at: string, readonly attemptNumber: number | null, readonly step: number, readonly kimg: number, readonly values: ReadonlyArray<{ readonly name: string, readonly step: number, readonly value: number | null, readonly nonFinite: NonFinite | null, readonly at: string }> }
      | { readonly __typename: 'SampleAdded', readonly cursor: string, readonly at: string, readonly attemptNumber: number | null, readonly sheet: { readonly id: string, readonly set: string, readonly sha256: string, readonly step: number, readonly kimg: number, readonly attempt: number, readonly url: string, readonly width: number, readonly height: number } }
      | { readonly __typename: 'CheckpointSealed', readonly cursor: string, readonly at: string, readonly attemptNumber: number | null, readonly checkpoint: { readonly step: number, readonly kimg: number, readonly bytes: number } }
      | { readonly __typename: 'PhaseChanged', readonly cursor: string, readonly at: string, readonly attemptNumber: number | null, readonly phase: RunPhase, readonly reason: { readonly code: string, readonly message: string } | null }
      | { readonly __typename: 'AttemptStarted', readonly cursor: string, readonly at: string, readonly attemptNumber: number | null, readonly attempt: { readonly number: number, readonly resumedFromStep: number | null } }
      | { readonly __typename: 'GuardTripped', readonly cursor: string, readonly at: string, readonly attemptNumber: number | null, readonly guard: string, readonly action: string, readonly message: string, readonly step: number }
    > } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RunLineFragmentDoc = new TypedDocumentString(`
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}
    `, {"fragmentName":"RunLine"}) as unknown as TypedDocumentString<RunLineFragment, unknown>;
export const MetricFieldsFragmentDoc = new TypedDocumentString(`
    fragment MetricFields on MetricValue {
  name
  step
  value
  nonFinite
  at
}
    `, {"fragmentName":"MetricFields"}) as unknown as TypedDocumentString<MetricFieldsFragment, unknown>;
export const RunDetailFragmentDoc = new TypedDocumentString(`
    fragment RunDetail on Run {
  ...RunLine
  head
  spec {
    preset
    kimg
    batchSize
    steps
    dataset {
      id
    }
  }
  summary {
    ...MetricFields
  }
}
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}
fragment MetricFields on MetricValue {
  name
  step
  value
  nonFinite
  at
}`, {"fragmentName":"RunDetail"}) as unknown as TypedDocumentString<RunDetailFragment, unknown>;
export const ProblemsFragmentDoc = new TypedDocumentString(`
    fragment Problems on ValidationFailed {
  message
  issues {
    path
    code
    message
  }
}
    `, {"fragmentName":"Problems"}) as unknown as TypedDocumentString<ProblemsFragment, unknown>;
export const SheetFieldsFragmentDoc = new TypedDocumentString(`
    fragment SheetFields on SampleSheet {
  id
  set
  sha256
  step
  kimg
  attempt
  url
  width
  height
}
    `, {"fragmentName":"SheetFields"}) as unknown as TypedDocumentString<SheetFieldsFragment, unknown>;
export const CheckpointFieldsFragmentDoc = new TypedDocumentString(`
    fragment CheckpointFields on Checkpoint {
  id
  runId
  step
  kimg
  attempt
  trigger
  bytes
  sealedAt
  pinned
  deletedAfter
}
    `, {"fragmentName":"CheckpointFields"}) as unknown as TypedDocumentString<CheckpointFieldsFragment, unknown>;
export const ApiKeyFieldsFragmentDoc = new TypedDocumentString(`
    fragment ApiKeyFields on ApiKey {
  id
  name
  role
  createdBy
  createdAt
  expiresAt
}
    `, {"fragmentName":"ApiKeyFields"}) as unknown as TypedDocumentString<ApiKeyFieldsFragment, unknown>;
export const RunDocument = new TypedDocumentString(`
    query Run($id: ID!) {
  run(id: $id) {
    ...RunDetail
  }
}
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}
fragment RunDetail on Run {
  ...RunLine
  head
  spec {
    preset
    kimg
    batchSize
    steps
    dataset {
      id
    }
  }
  summary {
    ...MetricFields
  }
}
fragment MetricFields on MetricValue {
  name
  step
  value
  nonFinite
  at
}`) as unknown as TypedDocumentString<RunQuery, RunQueryVariables>;
export const RunsDocument = new TypedDocumentString(`
    query Runs($first: Int!, $after: String, $filter: RunFilter) {
  runs(first: $first, after: $after, filter: $filter) {
    edges {
      node {
        ...RunLine
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}`) as unknown as TypedDocumentString<RunsQuery, RunsQueryVariables>;
export const SamplesDocument = new TypedDocumentString(`
    query Samples($id: ID!, $first: Int!, $after: String, $set: String, $every: Step) {
  run(id: $id) {
    samples(
      first: $first
      after: $after
      set: $set
      every: $every
      order: OLDEST_FIRST
    ) {
      edges {
        node {
          ...SheetFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment SheetFields on SampleSheet {
  id
  set
  sha256
  step
  kimg
  attempt
  url
  width
  height
}`) as unknown as TypedDocumentString<SamplesQuery, SamplesQueryVariables>;
export const CheckpointsDocument = new TypedDocumentString(`
    query Checkpoints($id: ID!, $first: Int!, $after: String) {
  run(id: $id) {
    attempts {
      number
      exact
      differs
    }
    checkpoints(first: $first, after: $after) {
      edges {
        node {
          ...CheckpointFields
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment CheckpointFields on Checkpoint {
  id
  runId
  step
  kimg
  attempt
  trigger
  bytes
  sealedAt
  pinned
  deletedAfter
}`) as unknown as TypedDocumentString<CheckpointsQuery, CheckpointsQueryVariables>;
export const FindCheckpointDocument = new TypedDocumentString(`
    query FindCheckpoint($id: ID!) {
  node(id: $id) {
    __typename
    ... on Run {
      task
      latestCheckpoint {
        ...CheckpointFields
      }
    }
    ...CheckpointFields
  }
}
    fragment CheckpointFields on Checkpoint {
  id
  runId
  step
  kimg
  attempt
  trigger
  bytes
  sealedAt
  pinned
  deletedAfter
}`) as unknown as TypedDocumentString<FindCheckpointQuery, FindCheckpointQueryVariables>;
export const RunFilesDocument = new TypedDocumentString(`
    query RunFiles($id: ID!) {
  run(id: $id) {
    files {
      name
      bytes
      sha256
      url
    }
  }
}
    `) as unknown as TypedDocumentString<RunFilesQuery, RunFilesQueryVariables>;
export const DatasetsDocument = new TypedDocumentString(`
    query Datasets($first: Int!, $after: String) {
  datasets(first: $first, after: $after) {
    edges {
      node {
        id
        name
        images
        width
        height
        channels
        classes
        bytes
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DatasetsQuery, DatasetsQueryVariables>;
export const ImportedDatasetDocument = new TypedDocumentString(`
    query ImportedDataset($id: ID!) {
  dataset(id: $id) {
    id
    name
    images
    width
    height
    channels
    classes
    skipped {
      name
      reason
    }
    skippedTotal
  }
}
    `) as unknown as TypedDocumentString<ImportedDatasetQuery, ImportedDatasetQueryVariables>;
export const ServerDocument = new TypedDocumentString(`
    query Server {
  server {
    version
    features {
      name
      enabled
    }
  }
}
    `) as unknown as TypedDocumentString<ServerQuery, ServerQueryVariables>;
export const LaunchTrainingDocument = new TypedDocumentString(`
    mutation LaunchTraining($input: LaunchTrainingInput!) {
  launchTraining(input: $input) {
    __typename
    ... on LaunchTrainingSuccess {
      replayed
      run {
        ...RunDetail
      }
    }
    ... on UserError {
      message
    }
    ...Problems
  }
}
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}
fragment RunDetail on Run {
  ...RunLine
  head
  spec {
    preset
    kimg
    batchSize
    steps
    dataset {
      id
    }
  }
  summary {
    ...MetricFields
  }
}
fragment MetricFields on MetricValue {
  name
  step
  value
  nonFinite
  at
}
fragment Problems on ValidationFailed {
  message
  issues {
    path
    code
    message
  }
}`) as unknown as TypedDocumentString<LaunchTrainingMutation, LaunchTrainingMutationVariables>;
export const LaunchTaskDocument = new TypedDocumentString(`
    mutation LaunchTask($input: LaunchTaskInput!) {
  launchTask(input: $input) {
    __typename
    ... on LaunchTaskSuccess {
      replayed
      run {
        ...RunDetail
        specJson
      }
    }
    ... on UserError {
      message
    }
    ...Problems
  }
}
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}
fragment RunDetail on Run {
  ...RunLine
  head
  spec {
    preset
    kimg
    batchSize
    steps
    dataset {
      id
    }
  }
  summary {
    ...MetricFields
  }
}
fragment MetricFields on MetricValue {
  name
  step
  value
  nonFinite
  at
}
fragment Problems on ValidationFailed {
  message
  issues {
    path
    code
    message
  }
}`) as unknown as TypedDocumentString<LaunchTaskMutation, LaunchTaskMutationVariables>;
export const CreateUploadDocument = new TypedDocumentString(`
    mutation CreateUpload($input: CreateUploadInput!) {
  createUpload(input: $input) {
    __typename
    ... on Upload {
      id
      url
      headers {
        name
        value
      }
    }
    ... on UserError {
      message
    }
    ...Problems
  }
}
    fragment Problems on ValidationFailed {
  message
  issues {
    path
    code
    message
  }
}`) as unknown as TypedDocumentString<CreateUploadMutation, CreateUploadMutationVariables>;
export const StopRunDocument = new TypedDocumentString(`
    mutation StopRun($id: ID!) {
  stopRun(id: $id) {
    __typename
    ... on StopRunSuccess {
      run {
        ...RunLine
      }
    }
    ... on UserError {
      message
    }
  }
}
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}`) as unknown as TypedDocumentString<StopRunMutation, StopRunMutationVariables>;
export const ResumeRunDocument = new TypedDocumentString(`
    mutation ResumeRun($id: ID!) {
  resumeRun(id: $id) {
    __typename
    ... on LaunchTrainingSuccess {
      run {
        ...RunDetail
      }
    }
    ... on UserError {
      message
    }
  }
}
    fragment RunLine on Run {
  id
  name
  task
  phase
  reason {
    code
    message
  }
  step
  kimg
  progress
  createdAt
  startedAt
  endedAt
}
fragment RunDetail on Run {
  ...RunLine
  head
  spec {
    preset
    kimg
    batchSize
    steps
    dataset {
      id
    }
  }
  summary {
    ...MetricFields
  }
}
fragment MetricFields on MetricValue {
  name
  step
  value
  nonFinite
  at
}`) as unknown as TypedDocumentString<ResumeRunMutation, ResumeRunMutationVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys($project: ID) {
  apiKeys(project: $project) {
    __typename
    ... on ApiKeyList {
      keys {
        ...ApiKeyFields
      }
    }
    ... on UserError {
      message
    }
  }
}
    fragment ApiKeyFields on ApiKey {
  id
  name
  role
  createdBy
  createdAt
  expiresAt
}`) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeySuccess {
      token
      key {
        ...ApiKeyFields
      }
    }
    ... on UserError {
      message
    }
    ...Problems
  }
}
    fragment Problems on ValidationFailed {
  message
  issues {
    path
    code
    message
  }
}
fragment ApiKeyFields on ApiKey {
  id
  name
  role
  createdBy
  createdAt
  expiresAt
}`) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!) {
  revokeApiKey(id: $id) {
    __typename
    ... on RevokeApiKeySuccess {
      id
    }
    ... on UserError {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const SetMemberDocument = new TypedDocumentString(`
    mutation SetMember($input: SetMemberInput!) {
  setMember(input: $input) {
    __typename
    ... on SetMemberSuccess {
      user
      role
    }
    ... on UserError {
      message
    }
    ...Problems
  }
}
    fragment Problems on ValidationFailed {
  message
  issues {
    path
    code
    message
  }
}`) as unknown as TypedDocumentString<SetMemberMutation, SetMemberMutationVariables>;
export const WatchRunDocument = new TypedDocumentString(`
    subscription WatchRun($runId: ID!, $after: String) {
  runEvents(runId: $runId, after: $after) {
    since
    cursor
    hasMore
    run {
      phase
      progress
      step
      kimg
      reason {
        code
        message
      }
    }
    events {
      __typename
      ... on JournalEvent {
        cursor
        at
        attemptNumber
      }
      ... on MetricsLogged {
        step
        kimg
        values {
          ...MetricFields
        }
      }
      ... on SampleAdded {
        sheet {
          ...SheetFields
        }
      }
      ... on CheckpointSealed {
        checkpoint {
          step
          kimg
          bytes
        }
      }
      ... on PhaseChanged {
        phase
        reason {
          code
          message
        }
      }
      ... on AttemptStarted {
        attempt {
          number
          resumedFromStep
        }
      }
      ... on GuardTripped {
        guard
        action
        message
        step
      }
    }
  }
}
    fragment MetricFields on MetricValue {
  name
  step
  value
  nonFinite
  at
}
fragment SheetFields on SampleSheet {
  id
  set
  sha256
  step
  kimg
  attempt
  url
  width
  height
}`) as unknown as TypedDocumentString<WatchRunSubscription, WatchRunSubscriptionVariables>;
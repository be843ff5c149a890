// Made from schema.graphql by `npm run codegen`. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ApiKey as ApiKeyModel } from '../access/api-keys.ts';
import type { AttemptStartedModel, AttemptModel, CheckpointModel, CheckpointSealedModel, DatasetModel, GuardTrippedModel, LogLineModel, LogPageModel, MetricModel, MetricsLoggedModel, PhaseChangedModel, ProjectModel, RunModel, BatchModel, SampleAddedModel, SheetModel } from './models.ts';
import type { ModelSpec as ModelSpecModel, PinnedCheckpoint as PinnedCheckpointModel, ResourcesSpec as ResourcesSpecModel, ScheduleSpec as ScheduleSpecModel, TrainSpec } from '../spec/spec.ts';
import type { PhaseSpan as PhaseSpanModel, FileRecord } from '../run/state.ts';
import type { Preset as PresetModel } from '../spec/presets.ts';
import type { Reason as ReasonModel } from '../run/reasons.ts';
import type { Offer as OfferModel, TrainingPlan as TrainingPlanModel } from '../spec/plan.ts';
import type { Issue } from '../spec/issues.ts';
import type { Context } from './context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant in RFC 3339, always in UTC, for example `2026-05-01T12:00:00.000Z`. */
  DateTime: { input: Date; output: Date | string; }
  /** A number of training steps: an integer from 0 to 2^53 − 1. GraphQL's Int has only 32 bits. */
  Step: { input: number; output: number; }
  /** An integer beyond 32 bits, such as a number of bytes, from −(2^53 − 1) to 2^53 − 1; a plain JSON number. */
  Long: { input: number; output: number; }
};

/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type Query = {
  /** A run, or null where there is none that the viewer may see. */
  readonly run: Maybe<Run>;
  /** The runs of a project, newest first. */
  readonly runs: RunConnection;
  /** Refetches anything with an id: a run, a sheet whose URL expired, a checkpoint, a data set, a project. */
  readonly node: Maybe<Node>;
  /** Who is asking. */
  readonly viewer: Viewer;
  /** Named specs to start a training from. */
  readonly presets: ReadonlyArray<Preset>;
  /** A data set, or null where there is none that the viewer may see. */
  readonly dataset: Maybe<Dataset>;
  /** The data sets of a project and the built-in ones. */
  readonly datasets: DatasetConnection;
  /** The API keys of a project, newest first, without their secrets. For its ADMINs. */
  readonly apiKeys: ApiKeysResult;
  /** What launchTraining would do: the resolved spec, warnings, price and time. Starts nothing. */
  readonly planTraining: PlanTrainingResult;
  /** Version, limits and features of this server. */
  readonly server: ServerInfo;
};


/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type QueryRunArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type QueryRunsArgs = {
  project?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<RunFilter>;
};


/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type QueryDatasetArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type QueryDatasetsArgs = {
  project?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type QueryApiKeysArgs = {
  project?: InputMaybe<Scalars['ID']['input']>;
};


/** What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error. */
export type QueryPlanTrainingArgs = {
  input: TrainingInput;
};

/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type Mutation = {
  /** Start a training. Sent again with the same key and the same training it returns the same run. */
  readonly launchTraining: LaunchTrainingResult;
  /** Ask a run to stop at the next step, after a last checkpoint. Stopping an ended run succeeds and changes nothing. */
  readonly stopRun: StopRunResult;
  /** Continue a run that stopped or failed, from its newest complete checkpoint, as the same run. */
  readonly resumeRun: LaunchTrainingResult;
  /** Start a task that is not a training, such as the import of a data set. Every task is a run and is watched like one. */
  readonly launchTask: LaunchTaskResult;
  /** Ask for a URL to PUT one file to, for example the images of a data set to import. */
  readonly createUpload: CreateUploadResult;
  /** Change what people say about a run: name, labels, notes, pin. Never what it computes. */
  readonly updateRun: UpdateRunResult;
  /** Delete an ended run with all its results; it is hidden at once. */
  readonly deleteRun: DeleteRunResult;
  /** Make an API key, by which a program proves who it is. For ADMINs of the project. */
  readonly createApiKey: CreateApiKeyResult;
  /** End an API key for good; within a minute nobody comes in by it. What it has begun goes on. For ADMINs of its project. */
  readonly revokeApiKey: RevokeApiKeyResult;
  /** Let a person into a project, change their role there, or take them out; within a minute it holds. For ADMINs of the project. */
  readonly setMember: SetMemberResult;
  /**
   * A ticket that opens one WebSocket within a minute, as `?ticket=` in its URL: for browsers, which cannot send a header with it.
   * Whoever can sends the same Authorization header as over HTTP instead.
   */
  readonly createSocketTicket: SocketTicket;
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationLaunchTrainingArgs = {
  input: LaunchTrainingInput;
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationStopRunArgs = {
  id: Scalars['ID']['input'];
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationResumeRunArgs = {
  id: Scalars['ID']['input'];
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationLaunchTaskArgs = {
  input: LaunchTaskInput;
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationCreateUploadArgs = {
  input: CreateUploadInput;
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationUpdateRunArgs = {
  input: UpdateRunInput;
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationDeleteRunArgs = {
  id: Scalars['ID']['input'];
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationCreateApiKeyArgs = {
  input: CreateApiKeyInput;
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationRevokeApiKeyArgs = {
  id: Scalars['ID']['input'];
};


/** What can be changed. Expected failures are members of the result union; errors are for what should not happen. */
export type MutationSetMemberArgs = {
  input: SetMemberInput;
};

/** What can be watched, over WebSocket with the protocol graphql-transport-ws at the same path as the rest. */
export type Subscription = {
  /**
   * All that happens in a run after the cursor (from the start where it is null), in order, with no gap and no duplicate;
   * ends with the run. Superseded events (rewound by a later attempt) are left out unless asked for; on
   * AttemptStarted{resumedFromStep: s} a client drops what it holds past s. The batch's `run` may select only scalars,
   * `reason` and `summary`.
   */
  readonly runEvents: RunEventBatch;
};


/** What can be watched, over WebSocket with the protocol graphql-transport-ws at the same path as the rest. */
export type SubscriptionRunEventsArgs = {
  runId: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  includeSuperseded?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Anything that can be fetched again by its id alone. */
export type Node = {
  /** Globally unique and opaque; carries the project. */
  readonly id: Scalars['ID']['output'];
};

/**
 * What a training should be. All but the data set is optional: the preset, or the training whose checkpoint it starts from,
 * says the rest; `planTraining` shows the result.
 */
export type TrainingInput = {
  /** The named spec to start from, one of `presets`. Null: that of `startFrom`'s training, or else `r3gan`. */
  readonly preset?: InputMaybe<Scalars['ID']['input']>;
  /** A data set's id; built-in ones have readable ids such as `digits`. */
  readonly dataset: Scalars['ID']['input'];
  /** Begin with what another training has learned. */
  readonly startFrom?: InputMaybe<StartFromInput>;
  /** A name for people, at most 200 characters. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Seed of every random number of the run; the same spec and seed give the same run. Null: that of `startFrom`'s training, or else 0. */
  readonly seed?: InputMaybe<Scalars['Int']['input']>;
  /** Length of the training in thousands of real images shown. */
  readonly kimg?: InputMaybe<Scalars['Float']['input']>;
  /** Images per step. */
  readonly batchSize?: InputMaybe<Scalars['Int']['input']>;
  /** Parts of a batch that a step computes one after the other: the same training in less memory, for networks without batch norm. A divisor of batchSize, 1 where it is null. */
  readonly microBatches?: InputMaybe<Scalars['Int']['input']>;
  /**
   * The generator learns from the images that the discriminator has just learned from, instead of drawing others: a step
   * draws once and is the cheaper for it, but both players see the same noise. False where it is null.
   */
  readonly reuseFakes?: InputMaybe<Scalars['Boolean']['input']>;
  /** Changes to the preset's networks. */
  readonly model?: InputMaybe<ModelInput>;
  /** Changes to the preset's loss. */
  readonly loss?: InputMaybe<LossInput>;
  /** Changes to what the discriminator pays for being steep. */
  readonly regularizer?: InputMaybe<RegularizerInput>;
  /** Changes to the moving average of the generator's weights. */
  readonly ema?: InputMaybe<EmaInput>;
  /** Changes to what learning rates, β₂ and γ become in the course of the training. */
  readonly schedule?: InputMaybe<ScheduleInput>;
  /** Changes to the preset's optimizers. */
  readonly optimizers?: InputMaybe<OptimizersInput>;
  /** How often metrics, sample sheets and checkpoints are written. */
  readonly snapshots?: InputMaybe<SnapshotsInput>;
  /** What the run needs of a machine. */
  readonly resources?: InputMaybe<ResourcesInput>;
  /** When to stop early. */
  readonly limits?: InputMaybe<LimitsInput>;
};

/**
 * A checkpoint to begin with, of any training that the viewer may see. The new run takes over its weights and averages and
 * starts at step 0 with optimizers that are new: moments of zero, an update count of one. Unless `preset` is given, model,
 * loss, regularizer, ema, schedule, optimizers, batchSize, microBatches, kimg and seed are those of the checkpoint's training where the input leaves them
 * out; the networks must be its own, the data set need not.
 */
export type StartFromInput = {
  /** Id of a checkpoint, as `checkpoints` of a run lists them. */
  readonly checkpoint: Scalars['ID']['input'];
};

/** Kinds of networks. The sizes of images come from the data set. */
export type Architecture =
  /** Dense layer and transposed convolutions against strided convolutions, as in the DCGAN paper. */
  | 'DCGAN'
  /** Dense layers only. */
  | 'MLP'
  /**
   * Residual blocks without normalisation between learned bases, as in R3GAN (Huang et al. 2024): images of 28, 32 or 64 pixels a
   * side, or others that can be halved until 5 to 8 are left.
   */
  | 'R3GAN';

/** Changes to the networks; what is left out comes from the preset, and so does their kind. */
export type ModelInput = {
  /** Length of the random vector that an image is made from. */
  readonly latentSize?: InputMaybe<Scalars['Int']['input']>;
  /** DCGAN: channels of the generator's stages, from the dense one on; the image's own channels follow. */
  readonly generatorChannels?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  /** DCGAN: channels of the discriminator's convolutions. */
  readonly discriminatorChannels?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  /** DCGAN: width and height of the convolution kernels. */
  readonly kernelSize?: InputMaybe<Scalars['Int']['input']>;
  /** MLP: widths of the generator's hidden layers. */
  readonly generatorWidths?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  /** MLP: widths of the discriminator's hidden layers. */
  readonly discriminatorWidths?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  /** DCGAN and MLP: rate at which the discriminator's activations are dropped, from 0 to below 1. */
  readonly dropout?: InputMaybe<Scalars['Float']['input']>;
  /** R3GAN: multiplies the channels of every stage of both networks, from 0.0625 to 8; 1 means 64 beside the image and twice as many at each smaller size, up to 256. */
  readonly capacity?: InputMaybe<Scalars['Float']['input']>;
  /**
   * R3GAN: both networks are told the class of each image. Null: where the data set has labels. Sheets then show one latent in each
   * row and one class in each column; where there are more columns than classes, the classes begin anew with other latents.
   */
  readonly conditional?: InputMaybe<Scalars['Boolean']['input']>;
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
  readonly kind?: InputMaybe<LossKind>;
  /** NON_SATURATING and MINIMAX: the probability that the discriminator is to give real images, above 0.5 to 1. Below 1 it is one-sided label smoothing (Salimans et al. 2016). */
  readonly realTarget?: InputMaybe<Scalars['Float']['input']>;
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
  readonly kind?: InputMaybe<RegularizerKind>;
  /** Its weight, from 0; it may follow the schedule. Where only the kind is given: 1, or 10 for GRADIENT_PENALTY. */
  readonly gamma?: InputMaybe<Scalars['Float']['input']>;
  /** Share of each batch that it looks at, or of each part of one, above 0 to 1: the same on average, at a part of the price. */
  readonly fraction?: InputMaybe<Scalars['Float']['input']>;
};

/** Changes to the moving average of the generator's weights; what is left out comes from the preset. Sheets are of set `ema` where there is one, else of set `raw`; exports have the averages, too. */
export type EmaInput = {
  /** Images after which a weight counts half, in thousands. 0: there is no average. */
  readonly halfLifeKimg?: InputMaybe<Scalars['Float']['input']>;
  /** The half-life is never more than this share of the images shown so far, above 0 to 1. Null: that of the preset, or 0.05. */
  readonly rampUp?: InputMaybe<Scalars['Float']['input']>;
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
  readonly kind?: InputMaybe<ScheduleKind>;
  /** STEP: share of the images after which the final values hold, above 0 to 1; 0.5 where it is null. */
  readonly at?: InputMaybe<Scalars['Float']['input']>;
  /** Final learning rate of both optimizers, above 0. */
  readonly learningRate?: InputMaybe<Scalars['Float']['input']>;
  /** Final β₂ of both optimizers, from 0 to below 1. */
  readonly beta2?: InputMaybe<Scalars['Float']['input']>;
  /** Final weight of the regularizer, from 0. */
  readonly gamma?: InputMaybe<Scalars['Float']['input']>;
};

/** Changes to both optimizers; what is left out comes from the preset. */
export type OptimizersInput = {
  /** Adam of the generator. */
  readonly generator?: InputMaybe<AdamInput>;
  /** Adam of the discriminator. */
  readonly discriminator?: InputMaybe<AdamInput>;
};

/** Changes to one Adam optimizer (Kingma and Ba 2015); what is left out comes from the preset. */
export type AdamInput = {
  /** Step size α, above 0. */
  readonly learningRate?: InputMaybe<Scalars['Float']['input']>;
  /** Decay of the mean of gradients, from 0 to below 1. */
  readonly beta1?: InputMaybe<Scalars['Float']['input']>;
  /** Decay of the mean of squared gradients, from 0 to below 1. */
  readonly beta2?: InputMaybe<Scalars['Float']['input']>;
  /** Added to the root of the second moment, above 0. */
  readonly epsilon?: InputMaybe<Scalars['Float']['input']>;
};

/** How often the run is recorded; what is left out follows from its length. */
export type SnapshotsInput = {
  /** Steps from one metric row to the next. */
  readonly tickSteps?: InputMaybe<Scalars['Int']['input']>;
  /** Steps from one sample sheet to the next. */
  readonly sampleSteps?: InputMaybe<Scalars['Int']['input']>;
  /** Steps from one checkpoint to the next. */
  readonly checkpointSteps?: InputMaybe<Scalars['Int']['input']>;
  /** An extra sheet when so many seconds passed without one; it changes nothing in the training. */
  readonly sampleSeconds?: InputMaybe<Scalars['Float']['input']>;
  /** An extra checkpoint when so many seconds passed without one; it changes nothing in the training. */
  readonly checkpointSeconds?: InputMaybe<Scalars['Float']['input']>;
  /** Images in a row of a sheet. Null: 8, or for conditional networks one for each class, at most 10. */
  readonly columns?: InputMaybe<Scalars['Int']['input']>;
  /** Rows of a sheet. */
  readonly rows?: InputMaybe<Scalars['Int']['input']>;
};

/** What the run needs of a machine. What is left out is one slot of the queue, or the whole of a rented machine. */
export type ResourcesInput = {
  /** CPU threads of the computation. Part of the spec, because the rounding of sums depends on it. */
  readonly threads?: InputMaybe<Scalars['Int']['input']>;
  /** Memory of the container in MiB. */
  readonly memoryMb?: InputMaybe<Scalars['Int']['input']>;
  /** Type of the machine to rent, for example `g5.xlarge`; `planTraining` lists which there are. Where it is null, the one with a GPU that is thought to compute most for its money. Only on servers that rent machines. */
  readonly instanceType?: InputMaybe<Scalars['String']['input']>;
  /** Whether the machine may be taken away at any time, which is cheaper: the run continues elsewhere. Where it is null, whatever costs less. Only on servers that rent machines. */
  readonly spot?: InputMaybe<Scalars['Boolean']['input']>;
  /** What products are computed in. Null: `TF32` on a GPU, `FP32` without one. */
  readonly precision?: InputMaybe<Precision>;
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
  readonly maxRuntime?: InputMaybe<Scalars['Int']['input']>;
  /** US dollars over all containers of all launches. The run stops when what two more minutes would cost is all that is left, so that its last checkpoint is within the budget. */
  readonly maxCostUsd?: InputMaybe<Scalars['Float']['input']>;
  /** Seconds that the run may wait for a machine, each time it waits. */
  readonly maxQueueTime?: InputMaybe<Scalars['Int']['input']>;
};

/** A training to start. */
export type LaunchTrainingInput = {
  /** The same key with the same training returns the same run, however often it is sent. */
  readonly idempotencyKey: Scalars['ID']['input'];
  /** The viewer's default project where it is null. */
  readonly project?: InputMaybe<Scalars['ID']['input']>;
  /** What to train. */
  readonly training: TrainingInput;
};

/** What became of a launch or a resume. */
export type LaunchTrainingResult = LaunchTrainingSuccess | ValidationFailed | IdempotencyConflict | QuotaExceeded | BudgetTooLow | InvalidState | Forbidden | NotFound;

/** The run is recorded and on its way to the queue. */
export type LaunchTrainingSuccess = {
  /** The run. */
  readonly run: Run;
  /** True where the run existed already. */
  readonly replayed: Scalars['Boolean']['output'];
};

/** An expected failure, said in a sentence that tells what to do. */
export type UserError = {
  /** For people. */
  readonly message: Scalars['String']['output'];
};

/** The run is in a phase where this cannot be done, for example resumeRun while it is RUNNING. */
export type InvalidState = UserError & {
  /** What is in the way and what to do first. */
  readonly message: Scalars['String']['output'];
  /** The run as it is. */
  readonly run: Run;
};

/** The input cannot be used; nothing was started or changed. */
export type ValidationFailed = UserError & {
  /** All problems in one sentence. */
  readonly message: Scalars['String']['output'];
  /** Every problem, not only the first. */
  readonly issues: ReadonlyArray<ValidationIssue>;
};

/** One problem of an input. */
export type ValidationIssue = {
  /** Path into the input, for example `["training", "batchSize"]`. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
  /** What kind of problem, for programs. */
  readonly code: Scalars['String']['output'];
  /** What is wrong and what would be right, for people. */
  readonly message: Scalars['String']['output'];
};

/** The key was used before, with another input. */
export type IdempotencyConflict = UserError & {
  /** What to do: take a new key. */
  readonly message: Scalars['String']['output'];
  /** The run that the key belongs to. */
  readonly run: Run;
};

/** What is limited for a project. */
export type Quota =
  /** Runs that have not ended. */
  | 'CONCURRENT_RUNS';

/** The project has used up what it may use. */
export type QuotaExceeded = UserError & {
  /** What is used up and how to get on. */
  readonly message: Scalars['String']['output'];
  /** Which quota. */
  readonly quota: Quota;
  /** The most that is allowed. */
  readonly limit: Scalars['Float']['output'];
  /** How much is in use. */
  readonly used: Scalars['Float']['output'];
  /** When it refills by itself; null where something has to end or be deleted first. */
  readonly resetAt: Maybe<Scalars['DateTime']['output']>;
};

/** The budget does not reach for the training. Given only by servers where runs cost money. */
export type BudgetTooLow = UserError & {
  /** What it would take. */
  readonly message: Scalars['String']['output'];
  /** The plan with its price. */
  readonly plan: TrainingPlan;
};

/** There is no such thing, or none that the viewer may see. */
export type NotFound = UserError & {
  /** What was not found. */
  readonly message: Scalars['String']['output'];
};

/**
 * The viewer sees the thing, and has too small a role in its project for this. What the viewer may not even see is NotFound,
 * as if it did not exist.
 */
export type Forbidden = UserError & {
  /** Which role it takes, which one the viewer has, and whom to ask. */
  readonly message: Scalars['String']['output'];
};

/** A task to start. */
export type LaunchTaskInput = {
  /** The same key with the same task returns the same run, however often it is sent. */
  readonly idempotencyKey: Scalars['ID']['input'];
  /** The viewer's default project where it is null. */
  readonly project?: InputMaybe<Scalars['ID']['input']>;
  /** What to do. */
  readonly task: TaskInput;
};

/** The task: exactly one of these. */
export type TaskInput =
  /** Make a data set from uploaded files. */
  { readonly importDataset: ImportDatasetInput; readonly export?: never; }
  |  /** Make files of the generator in a checkpoint, to be used elsewhere. */
  { readonly importDataset?: never; readonly export: ExportInput; };

/** A data set to make from uploads: zip archives or single images (PNG, JPEG, WebP), IDX or CIFAR binary files. */
export type ImportDatasetInput = {
  /** Ids of the uploads, in order. Folders inside an archive become classes. */
  readonly uploads: ReadonlyArray<Scalars['ID']['input']>;
  /** Name of the new data set. */
  readonly name: Scalars['String']['input'];
  /** Width and height of its images in pixels; pictures are cropped to the middle square and scaled. */
  readonly size: Scalars['Int']['input'];
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
  readonly checkpoint: Scalars['ID']['input'];
  /** What to make, at least one. */
  readonly formats: ReadonlyArray<ExportFormat>;
};

/** What became of the launch of a task. */
export type LaunchTaskResult = LaunchTaskSuccess | ValidationFailed | IdempotencyConflict | QuotaExceeded | Forbidden | NotFound;

/** The run of the task is recorded and on its way to the queue. */
export type LaunchTaskSuccess = {
  /** The run of the task. */
  readonly run: Run;
  /** True where the run existed already. */
  readonly replayed: Scalars['Boolean']['output'];
};

/** A file about to be uploaded. */
export type CreateUploadInput = {
  /** The viewer's default project where it is null. */
  readonly project?: InputMaybe<Scalars['ID']['input']>;
  /** File name with its ending. */
  readonly name: Scalars['String']['input'];
  /** Exact size. */
  readonly bytes: Scalars['Long']['input'];
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256: Scalars['String']['input'];
};

/** What became of the wish to upload. */
export type CreateUploadResult = Upload | ValidationFailed | QuotaExceeded | Forbidden | NotFound;

/** A header of an HTTP request. */
export type UploadHeader = {
  /** Name of the header. */
  readonly name: Scalars['String']['output'];
  /** Its value. */
  readonly value: Scalars['String']['output'];
};

/** Where to PUT the file. */
export type Upload = {
  /** Pass it to the task that uses the file. */
  readonly id: Scalars['ID']['output'];
  /** Target of one PUT request whose body is the file. */
  readonly url: Scalars['String']['output'];
  /** Headers the request must carry, exactly. */
  readonly headers: ReadonlyArray<UploadHeader>;
  /** The URL is refused after this. */
  readonly expiresAt: Scalars['DateTime']['output'];
};

/** New properties of a run. */
export type UpdateRunInput = {
  /** Id of the run. */
  readonly id: Scalars['ID']['input'];
  /** Its new name; an empty text takes it away. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** All its labels, replacing those it has. */
  readonly labels?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Free text; an empty text takes it away. */
  readonly notes?: InputMaybe<Scalars['String']['input']>;
  /** Pinned runs are kept by every clean-up. */
  readonly pinned?: InputMaybe<Scalars['Boolean']['input']>;
  /** New limits of a training; those that are null stay as they are. One that has stopped at a limit can be resumed once it is raised. */
  readonly limits?: InputMaybe<LimitsInput>;
};

/** What became of the update. */
export type UpdateRunResult = UpdateRunSuccess | ValidationFailed | Forbidden | NotFound;

/** The run has its new properties. */
export type UpdateRunSuccess = {
  /** The run as it is now. */
  readonly run: Run;
};

/** What became of the deletion. */
export type DeleteRunResult = DeleteRunSuccess | InvalidState | Forbidden | NotFound;

/** The run is gone. */
export type DeleteRunSuccess = {
  /** Id the run had. */
  readonly id: Scalars['ID']['output'];
};

/** Who is asking, as the server knows them. */
export type Viewer = {
  /** Id of the user. */
  readonly id: Scalars['ID']['output'];
  /** Name for people. */
  readonly name: Scalars['String']['output'];
  /** Projects the viewer may see, the default one first. */
  readonly projects: ReadonlyArray<Project>;
};

/** What a viewer may do in a project. */
export type Role =
  /** Look. */
  | 'VIEWER'
  /** Look, launch, stop, resume, upload, change and delete. */
  | 'RUNNER'
  /** Everything; also API keys, and who has which role. */
  | 'ADMIN';

/** A group of runs and data sets that people share. */
export type Project = Node & {
  /** Id of the project, the first part of the ids of its runs. */
  readonly id: Scalars['ID']['output'];
  /** Name for people. */
  readonly name: Scalars['String']['output'];
  /** What the viewer may do here. */
  readonly role: Role;
};

/** A key by which a program proves who it is: one project, one role. */
export type ApiKey = {
  /** Its id, the part of the token that is no secret. */
  readonly id: Scalars['ID']['output'];
  /** What it is for. */
  readonly name: Scalars['String']['output'];
  /** What its holder may do in the project. */
  readonly role: Role;
  /** Id of the viewer who made it. */
  readonly createdBy: Scalars['String']['output'];
  /** When it was made. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** It is refused after this; null for a key that is good until it is revoked. */
  readonly expiresAt: Maybe<Scalars['DateTime']['output']>;
};

/** The API keys, or why they are not shown. */
export type ApiKeysResult = ApiKeyList | Forbidden | NotFound;

/** The API keys of a project. */
export type ApiKeyList = {
  /** Newest first; at most 100, which is as many as a project may have. */
  readonly keys: ReadonlyArray<ApiKey>;
};

/** An API key to make. */
export type CreateApiKeyInput = {
  /** The viewer's default project where it is null. */
  readonly project?: InputMaybe<Scalars['ID']['input']>;
  /** What it is for, at most 200 characters. */
  readonly name: Scalars['String']['input'];
  /** What its holder may do in the project. */
  readonly role: Role;
  /** It is refused after this. Null: it is good until it is revoked. */
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What became of the wish for a key. */
export type CreateApiKeyResult = CreateApiKeySuccess | ValidationFailed | Forbidden | NotFound;

/** The key is good from now on. */
export type CreateApiKeySuccess = {
  /** The key. */
  readonly key: ApiKey;
  /** `gw_<id>_<secret>`, to be sent as `Authorization: Bearer …`. It is told this once and kept nowhere. */
  readonly token: Scalars['String']['output'];
};

/** What became of the wish to end a key. */
export type RevokeApiKeyResult = RevokeApiKeySuccess | Forbidden | NotFound;

/** The key is gone. */
export type RevokeApiKeySuccess = {
  /** Id it had. */
  readonly id: Scalars['ID']['output'];
};

/** A person's place in a project. */
export type SetMemberInput = {
  /** The viewer's default project where it is null. */
  readonly project?: InputMaybe<Scalars['ID']['input']>;
  /** Id of the person, as `viewer { id }` shows it to them. */
  readonly user: Scalars['ID']['input'];
  /** What they may do there from now on. Null takes them out. */
  readonly role?: InputMaybe<Role>;
};

/** What became of the change. */
export type SetMemberResult = SetMemberSuccess | ValidationFailed | Forbidden | NotFound;

/** The person has the role. */
export type SetMemberSuccess = {
  /** Id of the person. */
  readonly user: Scalars['ID']['output'];
  /** What they may do there; null where they are out. */
  readonly role: Maybe<Role>;
};

/** What opens one WebSocket. */
export type SocketTicket = {
  /** Connect to the URL of the API with `?ticket=` and this. */
  readonly ticket: Scalars['String']['output'];
  /** It is refused after this. */
  readonly expiresAt: Scalars['DateTime']['output'];
};

/** What became of the wish to stop. */
export type StopRunResult = StopRunSuccess | Forbidden | NotFound;

/** The run stops, or had ended already. */
export type StopRunSuccess = {
  /** The run as it is now. */
  readonly run: Run;
};

/** What a training would be. */
export type PlanTrainingResult = TrainingPlan | ValidationFailed | NotFound;

/** A training that could be launched as it stands. */
export type TrainingPlan = {
  /** The spec with every default filled in. */
  readonly spec: TrainingSpec;
  /** What is allowed but probably not meant. */
  readonly warnings: ReadonlyArray<ValidationIssue>;
  /** Time and cost where the spec says it is to run; null where nothing comparable was ever run and no operations can be counted for the machine. */
  readonly estimate: Maybe<Estimate>;
  /** Machines it could run on with their prices, that of the spec first; empty where there are none to choose from. */
  readonly offers: ReadonlyArray<Offer>;
  /** The whole resolved spec as JSON. */
  readonly specJson: Scalars['String']['output'];
};

/** What an estimate rests on. */
export type EstimateBasis =
  /** Earlier runs of the same spec. */
  | 'MEASURED_SAME_SPEC'
  /** Earlier runs of similar specs. */
  | 'MEASURED_SIMILAR'
  /** The number of operations alone. */
  | 'MODEL';

/** A number that is not known exactly. */
export type Spread = {
  /** Nine in ten are above. */
  readonly low: Scalars['Float']['output'];
  /** The most likely. */
  readonly expected: Scalars['Float']['output'];
  /** Nine in ten are below. */
  readonly high: Scalars['Float']['output'];
};

/** How long a training takes and what it costs. */
export type Estimate = {
  /** Seconds of computing, over all attempts. */
  readonly seconds: Spread;
  /** US dollars, the start of one container included; null where there is no price. What spot losses repeat is not in it. */
  readonly costUsd: Maybe<Spread>;
  /** What the numbers rest on. */
  readonly basis: EstimateBasis;
};

/** A machine to rent. */
export type Offer = {
  /** Name of the instance type. */
  readonly instanceType: Scalars['String']['output'];
  /** Cheaper, and may be taken away at any time; the run continues elsewhere. */
  readonly spot: Scalars['Boolean']['output'];
  /** US dollars an hour. */
  readonly usdPerHour: Scalars['Float']['output'];
  /** Date of the price. */
  readonly pricedAt: Scalars['DateTime']['output'];
  /** Time and cost of the training on this machine. */
  readonly estimate: Maybe<Estimate>;
};

/** The resolved spec, typed: what a list, a diff or a form needs. It has the fields of TrainingInput, all filled in. */
export type TrainingSpec = {
  /** The preset it began from. */
  readonly preset: Maybe<Scalars['ID']['output']>;
  /** The data set, pinned by its digest. */
  readonly dataset: Dataset;
  /** The checkpoint it begins with; null where it begins with weights of its own. */
  readonly startFrom: Maybe<PinnedCheckpoint>;
  /** Seed of every random number of the run. */
  readonly seed: Scalars['Int']['output'];
  /** Length in thousands of real images shown. */
  readonly kimg: Scalars['Float']['output'];
  /** Images per step. */
  readonly batchSize: Scalars['Int']['output'];
  /** Parts of a batch that a step computes one after the other. */
  readonly microBatches: Scalars['Int']['output'];
  /** Whether the generator learns from the images that the discriminator has just learned from. */
  readonly reuseFakes: Scalars['Boolean']['output'];
  /** Length in steps. */
  readonly steps: Scalars['Step']['output'];
  /** The networks. */
  readonly model: ModelSpec;
  /** The loss. */
  readonly loss: LossSpec;
  /** What the discriminator pays for being steep. */
  readonly regularizer: RegularizerSpec;
  /** The moving average of the generator's weights, which sheets and exports show; null where there is none. */
  readonly ema: Maybe<EmaSpec>;
  /** What learning rates, β₂ and γ become in the course of the training. */
  readonly schedule: ScheduleSpec;
  /** The optimizers. */
  readonly optimizers: OptimizersSpec;
  /** How often the run is recorded. */
  readonly snapshots: SnapshotsSpec;
  /** What it needs of a machine. */
  readonly resources: ResourcesSpec;
  /** When it stops early. */
  readonly limits: LimitsSpec;
};

/** A checkpoint that a spec names, as it was then. */
export type PinnedCheckpoint = {
  /** Id of the checkpoint; node(id:) finds it as long as it is there. */
  readonly checkpoint: Scalars['ID']['output'];
  /** The run that wrote it; null where that is gone or the viewer may not see it. */
  readonly run: Maybe<Run>;
  /** Step it was written at. */
  readonly step: Scalars['Step']['output'];
  /** SHA-256 of its manifest, which names that of every file. */
  readonly digest: Scalars['String']['output'];
};

/** The networks of a training. */
export type ModelSpec = {
  /** Kind of both networks. */
  readonly architecture: Architecture;
  /** Length of the random vector that an image is made from. */
  readonly latentSize: Scalars['Int']['output'];
  /** DCGAN: channels of the generator's stages; null for other kinds. */
  readonly generatorChannels: Maybe<ReadonlyArray<Scalars['Int']['output']>>;
  /** DCGAN: channels of the discriminator's convolutions; null for other kinds. */
  readonly discriminatorChannels: Maybe<ReadonlyArray<Scalars['Int']['output']>>;
  /** DCGAN: width and height of the convolution kernels; null for other kinds. */
  readonly kernelSize: Maybe<Scalars['Int']['output']>;
  /** MLP: widths of the generator's hidden layers; null for other kinds. */
  readonly generatorWidths: Maybe<ReadonlyArray<Scalars['Int']['output']>>;
  /** MLP: widths of the discriminator's hidden layers; null for other kinds. */
  readonly discriminatorWidths: Maybe<ReadonlyArray<Scalars['Int']['output']>>;
  /** Rate at which the discriminator's activations are dropped; 0: none. */
  readonly dropout: Scalars['Float']['output'];
  /** R3GAN: multiplies the channels of every stage of both networks; null for other kinds. */
  readonly capacity: Maybe<Scalars['Float']['output']>;
  /** Whether both networks are told the class of each image. */
  readonly conditional: Scalars['Boolean']['output'];
};

/** The loss of a training. */
export type LossSpec = {
  /** Which loss on the discriminator's logits. */
  readonly kind: LossKind;
  /** The probability that the discriminator is to give real images; 1 for losses without probabilities. */
  readonly realTarget: Scalars['Float']['output'];
};

/** What the discriminator of a training pays for being steep. */
export type RegularizerSpec = {
  /** What is paid for. */
  readonly kind: RegularizerKind;
  /** Its weight; 0 for NONE. */
  readonly gamma: Scalars['Float']['output'];
  /** Share of each batch that it looks at. */
  readonly fraction: Scalars['Float']['output'];
};

/** The moving average of the generator's weights. */
export type EmaSpec = {
  /** Images after which a weight counts half, in thousands. */
  readonly halfLifeKimg: Scalars['Float']['output'];
  /** The half-life is never more than this share of the images shown so far. */
  readonly rampUp: Scalars['Float']['output'];
};

/** What values of a training become; null where one stays what it is. */
export type ScheduleSpec = {
  /** How values get to the final ones. */
  readonly kind: ScheduleKind;
  /** Share of the images after which the final values hold; null for other kinds than STEP. */
  readonly at: Maybe<Scalars['Float']['output']>;
  /** Final learning rate of both optimizers. */
  readonly learningRate: Maybe<Scalars['Float']['output']>;
  /** Final β₂ of both optimizers. */
  readonly beta2: Maybe<Scalars['Float']['output']>;
  /** Final weight of the regularizer. */
  readonly gamma: Maybe<Scalars['Float']['output']>;
};

/** The optimizers of a training. */
export type OptimizersSpec = {
  /** Adam of the generator. */
  readonly generator: AdamSpec;
  /** Adam of the discriminator. */
  readonly discriminator: AdamSpec;
};

/** One Adam optimizer (Kingma and Ba 2015). */
export type AdamSpec = {
  /** Step size α. */
  readonly learningRate: Scalars['Float']['output'];
  /** Decay of the mean of gradients. */
  readonly beta1: Scalars['Float']['output'];
  /** Decay of the mean of squared gradients. */
  readonly beta2: Scalars['Float']['output'];
  /** Added to the root of the second moment. */
  readonly epsilon: Scalars['Float']['output'];
};

/** How often a training is recorded. */
export type SnapshotsSpec = {
  /** Steps from one metric row to the next. */
  readonly tickSteps: Scalars['Int']['output'];
  /** Steps from one sample sheet to the next. */
  readonly sampleSteps: Scalars['Int']['output'];
  /** Steps from one checkpoint to the next. */
  readonly checkpointSteps: Scalars['Int']['output'];
  /** An extra sheet when so many seconds passed without one. */
  readonly sampleSeconds: Scalars['Float']['output'];
  /** An extra checkpoint when so many seconds passed without one. */
  readonly checkpointSeconds: Scalars['Float']['output'];
  /** Images in a row of a sheet. */
  readonly columns: Scalars['Int']['output'];
  /** Rows of a sheet. */
  readonly rows: Scalars['Int']['output'];
};

/** What a training needs of a machine. */
export type ResourcesSpec = {
  /** CPU threads of the computation. */
  readonly threads: Scalars['Int']['output'];
  /** GPUs of the container. */
  readonly gpus: Scalars['Int']['output'];
  /** Memory of the container in MiB. */
  readonly memoryMb: Scalars['Int']['output'];
  /** Type of the rented machine; null where it is a slot of the queue. */
  readonly instanceType: Maybe<Scalars['String']['output']>;
  /** Whether that may be taken away at any time. */
  readonly spot: Maybe<Scalars['Boolean']['output']>;
  /** What products are computed in. */
  readonly precision: Precision;
};

/** When a training stops early, as it was launched; updateRun may have changed it since. Null: no limit. */
export type LimitsSpec = {
  /** Seconds of computing over all attempts of all launches. */
  readonly maxRuntime: Maybe<Scalars['Int']['output']>;
  /** US dollars over all containers of all launches. */
  readonly maxCostUsd: Maybe<Scalars['Float']['output']>;
  /** Seconds that it may wait for a machine, each time it waits. */
  readonly maxQueueTime: Maybe<Scalars['Int']['output']>;
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

/** One training or other task that a user launched. */
export type Run = Node & {
  /** Id of the run; newer runs have smaller ids. */
  readonly id: Scalars['ID']['output'];
  /** What the run does. */
  readonly task: TaskKind;
  /** The project it belongs to. */
  readonly project: Project;
  /** Id of the user who launched it. */
  readonly createdBy: Scalars['String']['output'];
  /** Words to find it by. */
  readonly labels: ReadonlyArray<Scalars['String']['output']>;
  /** Free text about it. */
  readonly notes: Maybe<Scalars['String']['output']>;
  /** Pinned runs are kept by every clean-up. */
  readonly pinned: Scalars['Boolean']['output'];
  /** What it trains; null for tasks that are not a training. */
  readonly spec: Maybe<TrainingSpec>;
  /** The data set it reads or makes; null while that does not exist. */
  readonly dataset: Maybe<Dataset>;
  /** Journal position this answer reflects: pass it as runEvents(after:) and nothing falls between. */
  readonly head: Scalars['String']['output'];
  /** Every phase the run went through, in order. */
  readonly phases: ReadonlyArray<PhaseSpan>;
  /** What it has cost. */
  readonly cost: Cost;
  /** The newest sample sheet. */
  readonly latestSample: Maybe<SampleSheet>;
  /** The newest checkpoint: where a resume would continue. */
  readonly latestCheckpoint: Maybe<Checkpoint>;
  /** What the trainer printed, oldest first, over all attempts. */
  readonly log: LogPage;
  /** Its name for people. */
  readonly name: Maybe<Scalars['String']['output']>;
  /** Where it is in its life. */
  readonly phase: RunPhase;
  /** Why the run is where it is: what it waits for, why it failed. Null when all is well. */
  readonly reason: Maybe<Reason>;
  /** When it was launched. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it first began to compute. */
  readonly startedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it ended; null while it has not. */
  readonly endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Steps done. */
  readonly step: Scalars['Step']['output'];
  /** Thousands of real images shown. */
  readonly kimg: Scalars['Float']['output'];
  /** How much of it is done, from 0 to 1. */
  readonly progress: Scalars['Float']['output'];
  /** Every attempt, oldest first. */
  readonly attempts: ReadonlyArray<Attempt>;
  /** The whole resolved spec as JSON. */
  readonly specJson: Scalars['String']['output'];
  /** Latest value of every metric, by name. */
  readonly summary: ReadonlyArray<MetricValue>;
  /** Series of metrics, at most `buckets` points each; extremes are exact and the answer is the same every time. */
  readonly metrics: ReadonlyArray<MetricSeries>;
  /** Sample sheets by step. `every` keeps one sheet per that many steps: how a slider over 10,000 of them is read. */
  readonly samples: SampleSheetConnection;
  /** Checkpoints by step. */
  readonly checkpoints: CheckpointConnection;
  /** What a task has made: all of it, or nothing yet. A training has sheets and checkpoints instead. */
  readonly files: ReadonlyArray<RunFile>;
  /** The journal, for clients that poll; the cursors are those of runEvents. */
  readonly events: RunEventBatch;
};


/** One training or other task that a user launched. */
export type RunLogArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** One training or other task that a user launched. */
export type RunMetricsArgs = {
  names?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  from?: InputMaybe<Scalars['Step']['input']>;
  to?: InputMaybe<Scalars['Step']['input']>;
  buckets?: InputMaybe<Scalars['Int']['input']>;
};


/** One training or other task that a user launched. */
export type RunSamplesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  from?: InputMaybe<Scalars['Step']['input']>;
  to?: InputMaybe<Scalars['Step']['input']>;
  set?: InputMaybe<Scalars['String']['input']>;
  every?: InputMaybe<Scalars['Step']['input']>;
  order?: InputMaybe<StepOrder>;
};


/** One training or other task that a user launched. */
export type RunCheckpointsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  order?: InputMaybe<StepOrder>;
};


/** One training or other task that a user launched. */
export type RunEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  includeSuperseded?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A file that a task has made. */
export type RunFile = {
  /** Path among the files of the run, for example `tfjs/model.json`. */
  readonly name: Scalars['String']['output'];
  /** Size. */
  readonly bytes: Scalars['Long']['output'];
  /** SHA-256 of the file. */
  readonly sha256: Scalars['String']['output'];
  /** The file; valid until expiresAt. */
  readonly url: Scalars['String']['output'];
  /** When the URL stops working; then ask for `files` again. */
  readonly expiresAt: Scalars['DateTime']['output'];
};

/** Why something is as it is. */
export type Reason = {
  /** One of the codes listed in graph/run/reasons.ts. */
  readonly code: Scalars['String']['output'];
  /** The same for people, and what to do. */
  readonly message: Scalars['String']['output'];
};

/** Which end of a run comes first. */
export type StepOrder =
  /** By falling step. */
  | 'NEWEST_FIRST'
  /** By rising step. */
  | 'OLDEST_FIRST';

/** A time that a run spent in one phase. */
export type PhaseSpan = {
  /** The phase. */
  readonly phase: RunPhase;
  /** Why the run was in it. */
  readonly reason: Maybe<Reason>;
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** When it ended; null for the present one. */
  readonly endedAt: Maybe<Scalars['DateTime']['output']>;
};

/** Container time times the dated price of its share of the instance; an estimate, not the invoice. */
export type Cost = {
  /** US dollars so far: until the last word of a run that goes on, with what lost containers took. */
  readonly usd: Scalars['Float']['output'];
  /** US dollars an hour while it runs; null where it does not or has no price. */
  readonly usdPerHour: Maybe<Scalars['Float']['output']>;
  /** US dollars it may cost at most; null where there is no cap. */
  readonly capUsd: Maybe<Scalars['Float']['output']>;
};

/** A stretch of the log. */
export type LogPage = {
  /** The lines, oldest first. */
  readonly lines: ReadonlyArray<LogLine>;
  /** Pass as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** True where more lines are there already. */
  readonly hasMore: Scalars['Boolean']['output'];
};

/** One line of the log. */
export type LogLine = {
  /** When it was printed. */
  readonly at: Scalars['DateTime']['output'];
  /** The attempt that printed it. */
  readonly attempt: Scalars['Int']['output'];
  /** The line without its end. */
  readonly text: Scalars['String']['output'];
};

/** One lineage of training steps: a start of the container, or a guard's rewind. */
export type Attempt = {
  /** Counts from 1 over the whole run. */
  readonly number: Scalars['Int']['output'];
  /** The submission to the queue it belongs to, counted from 1. */
  readonly launch: Scalars['Int']['output'];
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** When it ended; null while it has not. */
  readonly endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Step of the checkpoint it continued from; null where it started afresh. */
  readonly resumedFromStep: Maybe<Scalars['Step']['output']>;
  /** Exit code of the container. */
  readonly exitCode: Maybe<Scalars['Int']['output']>;
  /** Why it ended: OUT_OF_MEMORY, HOST_LOST, …; null while it runs and when it did all there was to do. */
  readonly endReason: Maybe<Reason>;
  /** US dollars: the time of its container, at the price of its launch. */
  readonly costUsd: Scalars['Float']['output'];
  /** Version of Ganway in the container. */
  readonly trainerVersion: Scalars['String']['output'];
  /** Machine it ran on. */
  readonly host: Maybe<Scalars['String']['output']>;
  /** What computed: a GPU's name, or the processor's. */
  readonly device: Maybe<Scalars['String']['output']>;
  /** True where the attempt computes bit for bit what an undisturbed run would. */
  readonly exact: Scalars['Boolean']['output'];
  /** What differs from the attempt before where it is not exact: executor, library, device, threads, … */
  readonly differs: ReadonlyArray<Scalars['String']['output']>;
};

/** A number that JSON cannot hold. */
export type NonFinite =
  /** Not a number. */
  | 'NAN'
  /** Above every number. */
  | 'POSITIVE_INFINITY'
  /** Below every number. */
  | 'NEGATIVE_INFINITY';

/** One value of one metric. */
export type MetricValue = {
  /** Name of the metric, for example `loss/generator`. Names that begin with `rate/` depend on the machine. */
  readonly name: Scalars['String']['output'];
  /** Step it was measured at. */
  readonly step: Scalars['Step']['output'];
  /** Null where the number is not finite; then nonFinite says which. */
  readonly value: Maybe<Scalars['Float']['output']>;
  /** Which number it is where it is not finite. */
  readonly nonFinite: Maybe<NonFinite>;
  /** When it was measured. */
  readonly at: Scalars['DateTime']['output'];
};

/** One metric over the steps. */
export type MetricSeries = {
  /** Name of the metric. */
  readonly name: Scalars['String']['output'];
  /** By rising step; buckets without any value are left out. */
  readonly points: ReadonlyArray<MetricBucket>;
};

/** Steps [start, start + width); `step` is the step of `last`. */
export type MetricBucket = {
  /** First step of the bucket, a multiple of its width. */
  readonly start: Scalars['Step']['output'];
  /** Steps in the bucket, a power of two. */
  readonly width: Scalars['Step']['output'];
  /** Step of the last value in it. */
  readonly step: Scalars['Step']['output'];
  /** The last finite value; null where there is none. */
  readonly last: Maybe<Scalars['Float']['output']>;
  /** The smallest finite value; null where there is none. */
  readonly min: Maybe<Scalars['Float']['output']>;
  /** The greatest finite value; null where there is none. */
  readonly max: Maybe<Scalars['Float']['output']>;
  /** Mean of the finite values; null where there are none. */
  readonly mean: Maybe<Scalars['Float']['output']>;
  /** How many finite values. */
  readonly count: Scalars['Int']['output'];
  /** How many were NaN or infinite; they are in no statistic. */
  readonly nonFinite: Scalars['Int']['output'];
};

/** Why a sheet or checkpoint was written. */
export type Trigger =
  /** The spec has one at this step: every equal run has it. */
  | 'SCHEDULE'
  /** Time had passed; extra. */
  | 'CLOCK'
  /** The run was asked to stop; extra. */
  | 'SIGNAL';

/** One lossless PNG grid of images made from fixed latents at a step. */
export type SampleSheet = Node & {
  /** Fetch it again by node(id:) when its URL has expired. */
  readonly id: Scalars['ID']['output'];
  /** Which images: `ema` is of the generator's averaged weights, `raw` of the weights themselves. */
  readonly set: Scalars['String']['output'];
  /** SHA-256 of the file. */
  readonly sha256: Scalars['String']['output'];
  /** Step it was made at. */
  readonly step: Scalars['Step']['output'];
  /** Thousands of real images shown by then. */
  readonly kimg: Scalars['Float']['output'];
  /** Attempt that made it. */
  readonly attempt: Scalars['Int']['output'];
  /** Why it was made. */
  readonly trigger: Trigger;
  /** When it was made. */
  readonly at: Scalars['DateTime']['output'];
  /** Lossless PNG; valid until expiresAt. */
  readonly url: Scalars['String']['output'];
  /** When the URL stops working. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** Width of the file in pixels. */
  readonly width: Scalars['Int']['output'];
  /** Height of the file in pixels. */
  readonly height: Scalars['Int']['output'];
  /** Images in a row. */
  readonly columns: Scalars['Int']['output'];
  /** Rows. */
  readonly rows: Scalars['Int']['output'];
};

/** Everything needed to continue a training bit for bit. */
export type Checkpoint = Node & {
  /** Id of the checkpoint. */
  readonly id: Scalars['ID']['output'];
  /** Id of the run that wrote it. */
  readonly runId: Scalars['ID']['output'];
  /** Step it continues from. */
  readonly step: Scalars['Step']['output'];
  /** Thousands of real images shown by then. */
  readonly kimg: Scalars['Float']['output'];
  /** Attempt that wrote it. */
  readonly attempt: Scalars['Int']['output'];
  /** Why it was written. */
  readonly trigger: Trigger;
  /** Size of all its files. */
  readonly bytes: Scalars['Long']['output'];
  /** When it was complete. */
  readonly sealedAt: Scalars['DateTime']['output'];
  /** Pinned checkpoints are never cleaned up. */
  readonly pinned: Scalars['Boolean']['output'];
  /** When it may be cleaned up; null while kept for good. */
  readonly deletedAfter: Maybe<Scalars['DateTime']['output']>;
};

/** Events of a run, in order and without gap. */
export type RunEventBatch = {
  /**
   * The cursor this batch continues from. Equal to yours: apply. Older: you have it already. Newer: subscribe again after
   * yours.
   */
  readonly since: Scalars['String']['output'];
  /** Pass as `after` to go on from here. */
  readonly cursor: Scalars['String']['output'];
  /** The events after `since`, up to and with `cursor`. */
  readonly events: ReadonlyArray<RunEvent>;
  /** True where more events are there already. */
  readonly hasMore: Scalars['Boolean']['output'];
  /** The run once these events had happened, or later. In a subscription: only scalars, `reason` and `summary`. */
  readonly run: Run;
};

/** All events implement it: the common fields, also of events a client does not know yet. */
export type JournalEvent = {
  /** Place of the event in the journal. */
  readonly cursor: Scalars['String']['output'];
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
  /** The attempt that said it; null for what the queue or a user did. */
  readonly attemptNumber: Maybe<Scalars['Int']['output']>;
};

/** What can happen in a run. */
export type RunEvent = MetricsLogged | SampleAdded | CheckpointSealed | PhaseChanged | AttemptStarted | GuardTripped;

/** A row of metrics. */
export type MetricsLogged = JournalEvent & {
  /** Place of the event in the journal. */
  readonly cursor: Scalars['String']['output'];
  /** The attempt that measured them. */
  readonly attemptNumber: Maybe<Scalars['Int']['output']>;
  /** Step they belong to. */
  readonly step: Scalars['Step']['output'];
  /** Thousands of real images shown by then. */
  readonly kimg: Scalars['Float']['output'];
  /** When they were measured. */
  readonly at: Scalars['DateTime']['output'];
  /** The values, by name. */
  readonly values: ReadonlyArray<MetricValue>;
};

/** A new sample sheet. */
export type SampleAdded = JournalEvent & {
  /** Place of the event in the journal. */
  readonly cursor: Scalars['String']['output'];
  /** The attempt that made it. */
  readonly attemptNumber: Maybe<Scalars['Int']['output']>;
  /** The sheet. */
  readonly sheet: SampleSheet;
  /** When it was made. */
  readonly at: Scalars['DateTime']['output'];
};

/** A new checkpoint: from now on a resume continues here. */
export type CheckpointSealed = JournalEvent & {
  /** Place of the event in the journal. */
  readonly cursor: Scalars['String']['output'];
  /** The attempt that wrote it. */
  readonly attemptNumber: Maybe<Scalars['Int']['output']>;
  /** The checkpoint. */
  readonly checkpoint: Checkpoint;
  /** When it was complete. */
  readonly at: Scalars['DateTime']['output'];
};

/** The run is in another phase. */
export type PhaseChanged = JournalEvent & {
  /** Place of the event in the journal. */
  readonly cursor: Scalars['String']['output'];
  /** The attempt that began to compute, or asked for the next; null for every other change. */
  readonly attemptNumber: Maybe<Scalars['Int']['output']>;
  /** The new phase. */
  readonly phase: RunPhase;
  /** Why, as far as it was known then; `reason` of the run is as of now. */
  readonly reason: Maybe<Reason>;
  /** When it changed. */
  readonly at: Scalars['DateTime']['output'];
};

/** A new attempt. Where it resumed from step s, drop what you hold past s; where it started afresh, drop everything. */
export type AttemptStarted = JournalEvent & {
  /** Place of the event in the journal. */
  readonly cursor: Scalars['String']['output'];
  /** Number of the new attempt. */
  readonly attemptNumber: Maybe<Scalars['Int']['output']>;
  /** The new attempt. */
  readonly attempt: Attempt;
  /** When it began. */
  readonly at: Scalars['DateTime']['output'];
};

/** A rule that watches for divergence has acted. */
export type GuardTripped = JournalEvent & {
  /** Place of the event in the journal. */
  readonly cursor: Scalars['String']['output'];
  /** The attempt it watched. */
  readonly attemptNumber: Maybe<Scalars['Int']['output']>;
  /** Name of the rule. */
  readonly guard: Scalars['String']['output'];
  /** What it did. */
  readonly action: Scalars['String']['output'];
  /** What it saw, for people. */
  readonly message: Scalars['String']['output'];
  /** Step it acted at. */
  readonly step: Scalars['Step']['output'];
  /** When it acted. */
  readonly at: Scalars['DateTime']['output'];
};

/** A page of runs. */
export type RunConnection = {
  /** The runs with their cursors. */
  readonly edges: ReadonlyArray<RunEdge>;
  /** How to go on. */
  readonly pageInfo: PageInfo;
};

/** A run in a page. */
export type RunEdge = {
  /** Pass as `after` to go on behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The run. */
  readonly node: Run;
};

/** A page of sample sheets. */
export type SampleSheetConnection = {
  /** The sheets with their cursors. */
  readonly edges: ReadonlyArray<SampleSheetEdge>;
  /** How to go on. */
  readonly pageInfo: PageInfo;
};

/** A sample sheet in a page. */
export type SampleSheetEdge = {
  /** Pass as `after` to go on behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The sheet. */
  readonly node: SampleSheet;
};

/** A page of checkpoints. */
export type CheckpointConnection = {
  /** The checkpoints with their cursors. */
  readonly edges: ReadonlyArray<CheckpointEdge>;
  /** How to go on. */
  readonly pageInfo: PageInfo;
};

/** A checkpoint in a page. */
export type CheckpointEdge = {
  /** Pass as `after` to go on behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The checkpoint. */
  readonly node: Checkpoint;
};

/** A page of data sets. */
export type DatasetConnection = {
  /** The data sets with their cursors. */
  readonly edges: ReadonlyArray<DatasetEdge>;
  /** How to go on. */
  readonly pageInfo: PageInfo;
};

/** A data set in a page. */
export type DatasetEdge = {
  /** Pass as `after` to go on behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The data set. */
  readonly node: Dataset;
};

/** Where a page stands in the whole list. */
export type PageInfo = {
  /** True where a next page has something. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** True where something lies before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first item; null in an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
  /** Cursor of the last item, to be passed as `after`; null in an empty page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
};

/** Conditions on runs; a run must pass all that are given. */
export type RunFilter = {
  /** In one of these phases. */
  readonly phases?: InputMaybe<ReadonlyArray<RunPhase>>;
  /** Of one of these tasks. */
  readonly tasks?: InputMaybe<ReadonlyArray<TaskKind>>;
  /** With this text in the name, whatever the case. */
  readonly nameContains?: InputMaybe<Scalars['String']['input']>;
  /** With all of these labels. */
  readonly labels?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Trained on, or making, this data set. */
  readonly dataset?: InputMaybe<Scalars['ID']['input']>;
  /** Begun from this preset. */
  readonly preset?: InputMaybe<Scalars['ID']['input']>;
};

/** A named spec to start a training from. */
export type Preset = {
  /** Pass as `preset` of a training. */
  readonly id: Scalars['ID']['output'];
  /** Name for people. */
  readonly title: Scalars['String']['output'];
  /** What it is good for and where it comes from. */
  readonly description: Scalars['String']['output'];
  /** What it sets, as JSON. */
  readonly specJson: Scalars['String']['output'];
};

/** Images to train on, all of one size. */
export type Dataset = Node & {
  /** Id of the data set; built-in ones have readable ids such as `digits`. */
  readonly id: Scalars['ID']['output'];
  /** Hash of the manifest; a spec pins it. */
  readonly digest: Scalars['String']['output'];
  /** Name for people. */
  readonly name: Scalars['String']['output'];
  /** Number of images. */
  readonly images: Scalars['Int']['output'];
  /** Width of every image in pixels. */
  readonly width: Scalars['Int']['output'];
  /** Height of every image in pixels. */
  readonly height: Scalars['Int']['output'];
  /** 1 for gray, 3 for colour. */
  readonly channels: Scalars['Int']['output'];
  /** Names of the classes; empty where the images have no labels. */
  readonly classes: ReadonlyArray<Scalars['String']['output']>;
  /** Size in storage. */
  readonly bytes: Scalars['Long']['output'];
  /** What it was made from, for example `zip` or `idx`; null where that is not recorded. */
  readonly source: Maybe<Scalars['String']['output']>;
  /** Files that were left out and why, the first 1000. */
  readonly skipped: ReadonlyArray<SkippedFile>;
  /** How many files were left out in all. */
  readonly skippedTotal: Scalars['Int']['output'];
};

/** A file that an import left out. */
export type SkippedFile = {
  /** Its name. */
  readonly name: Scalars['String']['output'];
  /** Why it could not be used. */
  readonly reason: Scalars['String']['output'];
};

/** What this server is. */
export type ServerInfo = {
  /** Version of Ganway. */
  readonly version: Scalars['String']['output'];
  /** What it can do beyond the core. */
  readonly features: ReadonlyArray<Feature>;
  /** How large an operation may be. */
  readonly limits: OperationLimits;
};

/** How large an operation may be, counted after its fragments are expanded. */
export type OperationLimits = {
  /** Levels of fields. */
  readonly depth: Scalars['Int']['output'];
  /** Aliases in the operation. */
  readonly aliases: Scalars['Int']['output'];
  /** Fields at the root. */
  readonly rootFields: Scalars['Int']['output'];
  /** Objects, and scalars by half, each counted as often as the lists around it may repeat it; a list without `first` counts as 5. */
  readonly cost: Scalars['Int']['output'];
  /** Directives in the operation. */
  readonly directives: Scalars['Int']['output'];
  /** Tokens of the text. */
  readonly tokens: Scalars['Int']['output'];
};

/** A part of the server that may be there or not. */
export type Feature = {
  /** Name of the part. */
  readonly name: Scalars['String']['output'];
  /** Whether it is there. */
  readonly enabled: Scalars['Boolean']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;



/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  LaunchTrainingResult:
    | ( Omit<LaunchTrainingSuccess, 'run'> & { run: _RefType['Run'] } & { __typename: 'LaunchTrainingSuccess' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( Omit<IdempotencyConflict, 'run'> & { run: _RefType['Run'] } & { __typename: 'IdempotencyConflict' } )
    | ( QuotaExceeded & { __typename: 'QuotaExceeded' } )
    | ( Omit<BudgetTooLow, 'plan'> & { plan: _RefType['TrainingPlan'] } & { __typename: 'BudgetTooLow' } )
    | ( Omit<InvalidState, 'run'> & { run: _RefType['Run'] } & { __typename: 'InvalidState' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  LaunchTaskResult:
    | ( Omit<LaunchTaskSuccess, 'run'> & { run: _RefType['Run'] } & { __typename: 'LaunchTaskSuccess' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( Omit<IdempotencyConflict, 'run'> & { run: _RefType['Run'] } & { __typename: 'IdempotencyConflict' } )
    | ( QuotaExceeded & { __typename: 'QuotaExceeded' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  CreateUploadResult:
    | ( Upload & { __typename: 'Upload' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( QuotaExceeded & { __typename: 'QuotaExceeded' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  UpdateRunResult:
    | ( Omit<UpdateRunSuccess, 'run'> & { run: _RefType['Run'] } & { __typename: 'UpdateRunSuccess' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  DeleteRunResult:
    | ( DeleteRunSuccess & { __typename: 'DeleteRunSuccess' } )
    | ( Omit<InvalidState, 'run'> & { run: _RefType['Run'] } & { __typename: 'InvalidState' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  ApiKeysResult:
    | ( Omit<ApiKeyList, 'keys'> & { keys: ReadonlyArray<_RefType['ApiKey']> } & { __typename: 'ApiKeyList' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  CreateApiKeyResult:
    | ( Omit<CreateApiKeySuccess, 'key'> & { key: _RefType['ApiKey'] } & { __typename: 'CreateApiKeySuccess' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  RevokeApiKeyResult:
    | ( RevokeApiKeySuccess & { __typename: 'RevokeApiKeySuccess' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  SetMemberResult:
    | ( SetMemberSuccess & { __typename: 'SetMemberSuccess' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  StopRunResult:
    | ( Omit<StopRunSuccess, 'run'> & { run: _RefType['Run'] } & { __typename: 'StopRunSuccess' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  PlanTrainingResult:
    | ( TrainingPlanModel & { __typename: 'TrainingPlan' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  RunEvent:
    | ( MetricsLoggedModel & { __typename: 'MetricsLogged' } )
    | ( SampleAddedModel & { __typename: 'SampleAdded' } )
    | ( CheckpointSealedModel & { __typename: 'CheckpointSealed' } )
    | ( PhaseChangedModel & { __typename: 'PhaseChanged' } )
    | ( AttemptStartedModel & { __typename: 'AttemptStarted' } )
    | ( GuardTrippedModel & { __typename: 'GuardTripped' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( ProjectModel & { __typename: 'Project' } )
    | ( RunModel & { __typename: 'Run' } )
    | ( SheetModel & { __typename: 'SampleSheet' } )
    | ( CheckpointModel & { __typename: 'Checkpoint' } )
    | ( DatasetModel & { __typename: 'Dataset' } )
  ;
  UserError:
    | ( Omit<InvalidState, 'run'> & { run: _RefType['Run'] } & { __typename: 'InvalidState' } )
    | ( Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<_RefType['ValidationIssue']> } & { __typename: 'ValidationFailed' } )
    | ( Omit<IdempotencyConflict, 'run'> & { run: _RefType['Run'] } & { __typename: 'IdempotencyConflict' } )
    | ( QuotaExceeded & { __typename: 'QuotaExceeded' } )
    | ( Omit<BudgetTooLow, 'plan'> & { plan: _RefType['TrainingPlan'] } & { __typename: 'BudgetTooLow' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( Forbidden & { __typename: 'Forbidden' } )
  ;
  JournalEvent:
    | ( MetricsLoggedModel & { __typename: 'MetricsLogged' } )
    | ( SampleAddedModel & { __typename: 'SampleAdded' } )
    | ( CheckpointSealedModel & { __typename: 'CheckpointSealed' } )
    | ( PhaseChangedModel & { __typename: 'PhaseChanged' } )
    | ( AttemptStartedModel & { __typename: 'AttemptStarted' } )
    | ( GuardTrippedModel & { __typename: 'GuardTripped' } )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Step: ResolverTypeWrapper<Scalars['Step']['output']>;
  Long: ResolverTypeWrapper<Scalars['Long']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  TrainingInput: TrainingInput;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  StartFromInput: StartFromInput;
  Architecture: Architecture;
  ModelInput: ModelInput;
  LossKind: LossKind;
  LossInput: LossInput;
  RegularizerKind: RegularizerKind;
  RegularizerInput: RegularizerInput;
  EmaInput: EmaInput;
  ScheduleKind: ScheduleKind;
  ScheduleInput: ScheduleInput;
  OptimizersInput: OptimizersInput;
  AdamInput: AdamInput;
  SnapshotsInput: SnapshotsInput;
  ResourcesInput: ResourcesInput;
  Precision: Precision;
  LimitsInput: LimitsInput;
  LaunchTrainingInput: LaunchTrainingInput;
  LaunchTrainingResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LaunchTrainingResult']>;
  LaunchTrainingSuccess: ResolverTypeWrapper<Omit<LaunchTrainingSuccess, 'run'> & { run: ResolversTypes['Run'] }>;
  UserError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['UserError']>;
  InvalidState: ResolverTypeWrapper<Omit<InvalidState, 'run'> & { run: ResolversTypes['Run'] }>;
  ValidationFailed: ResolverTypeWrapper<Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<ResolversTypes['ValidationIssue']> }>;
  ValidationIssue: ResolverTypeWrapper<Issue>;
  IdempotencyConflict: ResolverTypeWrapper<Omit<IdempotencyConflict, 'run'> & { run: ResolversTypes['Run'] }>;
  Quota: Quota;
  QuotaExceeded: ResolverTypeWrapper<QuotaExceeded>;
  BudgetTooLow: ResolverTypeWrapper<Omit<BudgetTooLow, 'plan'> & { plan: ResolversTypes['TrainingPlan'] }>;
  NotFound: ResolverTypeWrapper<NotFound>;
  Forbidden: ResolverTypeWrapper<Forbidden>;
  LaunchTaskInput: LaunchTaskInput;
  TaskInput: TaskInput;
  ImportDatasetInput: ImportDatasetInput;
  ExportFormat: ExportFormat;
  ExportInput: ExportInput;
  LaunchTaskResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LaunchTaskResult']>;
  LaunchTaskSuccess: ResolverTypeWrapper<Omit<LaunchTaskSuccess, 'run'> & { run: ResolversTypes['Run'] }>;
  CreateUploadInput: CreateUploadInput;
  CreateUploadResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateUploadResult']>;
  UploadHeader: ResolverTypeWrapper<UploadHeader>;
  Upload: ResolverTypeWrapper<Upload>;
  UpdateRunInput: UpdateRunInput;
  UpdateRunResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateRunResult']>;
  UpdateRunSuccess: ResolverTypeWrapper<Omit<UpdateRunSuccess, 'run'> & { run: ResolversTypes['Run'] }>;
  DeleteRunResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeleteRunResult']>;
  DeleteRunSuccess: ResolverTypeWrapper<DeleteRunSuccess>;
  Viewer: ResolverTypeWrapper<Omit<Viewer, 'projects'> & { projects: ReadonlyArray<ResolversTypes['Project']> }>;
  Role: Role;
  Project: ResolverTypeWrapper<ProjectModel>;
  ApiKey: ResolverTypeWrapper<ApiKeyModel>;
  ApiKeysResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ApiKeysResult']>;
  ApiKeyList: ResolverTypeWrapper<Omit<ApiKeyList, 'keys'> & { keys: ReadonlyArray<ResolversTypes['ApiKey']> }>;
  CreateApiKeyInput: CreateApiKeyInput;
  CreateApiKeyResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateApiKeyResult']>;
  CreateApiKeySuccess: ResolverTypeWrapper<Omit<CreateApiKeySuccess, 'key'> & { key: ResolversTypes['ApiKey'] }>;
  RevokeApiKeyResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RevokeApiKeyResult']>;
  RevokeApiKeySuccess: ResolverTypeWrapper<RevokeApiKeySuccess>;
  SetMemberInput: SetMemberInput;
  SetMemberResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['SetMemberResult']>;
  SetMemberSuccess: ResolverTypeWrapper<SetMemberSuccess>;
  SocketTicket: ResolverTypeWrapper<SocketTicket>;
  StopRunResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['StopRunResult']>;
  StopRunSuccess: ResolverTypeWrapper<Omit<StopRunSuccess, 'run'> & { run: ResolversTypes['Run'] }>;
  PlanTrainingResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['PlanTrainingResult']>;
  TrainingPlan: ResolverTypeWrapper<TrainingPlanModel>;
  EstimateBasis: EstimateBasis;
  Spread: ResolverTypeWrapper<Spread>;
  Estimate: ResolverTypeWrapper<Estimate>;
  Offer: ResolverTypeWrapper<OfferModel>;
  TrainingSpec: ResolverTypeWrapper<TrainSpec>;
  PinnedCheckpoint: ResolverTypeWrapper<PinnedCheckpointModel>;
  ModelSpec: ResolverTypeWrapper<ModelSpecModel>;
  LossSpec: ResolverTypeWrapper<LossSpec>;
  RegularizerSpec: ResolverTypeWrapper<RegularizerSpec>;
  EmaSpec: ResolverTypeWrapper<EmaSpec>;
  ScheduleSpec: ResolverTypeWrapper<ScheduleSpecModel>;
  OptimizersSpec: ResolverTypeWrapper<OptimizersSpec>;
  AdamSpec: ResolverTypeWrapper<AdamSpec>;
  SnapshotsSpec: ResolverTypeWrapper<SnapshotsSpec>;
  ResourcesSpec: ResolverTypeWrapper<ResourcesSpecModel>;
  LimitsSpec: ResolverTypeWrapper<LimitsSpec>;
  TaskKind: TaskKind;
  RunPhase: RunPhase;
  Run: ResolverTypeWrapper<RunModel>;
  RunFile: ResolverTypeWrapper<FileRecord>;
  Reason: ResolverTypeWrapper<ReasonModel>;
  StepOrder: StepOrder;
  PhaseSpan: ResolverTypeWrapper<PhaseSpanModel>;
  Cost: ResolverTypeWrapper<Cost>;
  LogPage: ResolverTypeWrapper<LogPageModel>;
  LogLine: ResolverTypeWrapper<LogLineModel>;
  Attempt: ResolverTypeWrapper<AttemptModel>;
  NonFinite: NonFinite;
  MetricValue: ResolverTypeWrapper<MetricModel>;
  MetricSeries: ResolverTypeWrapper<MetricSeries>;
  MetricBucket: ResolverTypeWrapper<MetricBucket>;
  Trigger: Trigger;
  SampleSheet: ResolverTypeWrapper<SheetModel>;
  Checkpoint: ResolverTypeWrapper<CheckpointModel>;
  RunEventBatch: ResolverTypeWrapper<BatchModel>;
  JournalEvent: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['JournalEvent']>;
  RunEvent: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RunEvent']>;
  MetricsLogged: ResolverTypeWrapper<MetricsLoggedModel>;
  SampleAdded: ResolverTypeWrapper<SampleAddedModel>;
  CheckpointSealed: ResolverTypeWrapper<CheckpointSealedModel>;
  PhaseChanged: ResolverTypeWrapper<PhaseChangedModel>;
  AttemptStarted: ResolverTypeWrapper<AttemptStartedModel>;
  GuardTripped: ResolverTypeWrapper<GuardTrippedModel>;
  RunConnection: ResolverTypeWrapper<Omit<RunConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['RunEdge']> }>;
  RunEdge: ResolverTypeWrapper<Omit<RunEdge, 'node'> & { node: ResolversTypes['Run'] }>;
  SampleSheetConnection: ResolverTypeWrapper<Omit<SampleSheetConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['SampleSheetEdge']> }>;
  SampleSheetEdge: ResolverTypeWrapper<Omit<SampleSheetEdge, 'node'> & { node: ResolversTypes['SampleSheet'] }>;
  CheckpointConnection: ResolverTypeWrapper<Omit<CheckpointConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['CheckpointEdge']> }>;
  CheckpointEdge: ResolverTypeWrapper<Omit<CheckpointEdge, 'node'> & { node: ResolversTypes['Checkpoint'] }>;
  DatasetConnection: ResolverTypeWrapper<Omit<DatasetConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DatasetEdge']> }>;
  DatasetEdge: ResolverTypeWrapper<Omit<DatasetEdge, 'node'> & { node: ResolversTypes['Dataset'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  RunFilter: RunFilter;
  Preset: ResolverTypeWrapper<PresetModel>;
  Dataset: ResolverTypeWrapper<DatasetModel>;
  SkippedFile: ResolverTypeWrapper<SkippedFile>;
  ServerInfo: ResolverTypeWrapper<ServerInfo>;
  OperationLimits: ResolverTypeWrapper<OperationLimits>;
  Feature: ResolverTypeWrapper<Feature>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Step: Scalars['Step']['output'];
  Long: Scalars['Long']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Boolean: Scalars['Boolean']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  TrainingInput: TrainingInput;
  Float: Scalars['Float']['output'];
  StartFromInput: StartFromInput;
  ModelInput: ModelInput;
  LossInput: LossInput;
  RegularizerInput: RegularizerInput;
  EmaInput: EmaInput;
  ScheduleInput: ScheduleInput;
  OptimizersInput: OptimizersInput;
  AdamInput: AdamInput;
  SnapshotsInput: SnapshotsInput;
  ResourcesInput: ResourcesInput;
  LimitsInput: LimitsInput;
  LaunchTrainingInput: LaunchTrainingInput;
  LaunchTrainingResult: ResolversUnionTypes<ResolversParentTypes>['LaunchTrainingResult'];
  LaunchTrainingSuccess: Omit<LaunchTrainingSuccess, 'run'> & { run: ResolversParentTypes['Run'] };
  UserError: ResolversInterfaceTypes<ResolversParentTypes>['UserError'];
  InvalidState: Omit<InvalidState, 'run'> & { run: ResolversParentTypes['Run'] };
  ValidationFailed: Omit<ValidationFailed, 'issues'> & { issues: ReadonlyArray<ResolversParentTypes['ValidationIssue']> };
  ValidationIssue: Issue;
  IdempotencyConflict: Omit<IdempotencyConflict, 'run'> & { run: ResolversParentTypes['Run'] };
  QuotaExceeded: QuotaExceeded;
  BudgetTooLow: Omit<BudgetTooLow, 'plan'> & { plan: ResolversParentTypes['TrainingPlan'] };
  NotFound: NotFound;
  Forbidden: Forbidden;
  LaunchTaskInput: LaunchTaskInput;
  TaskInput: TaskInput;
  ImportDatasetInput: ImportDatasetInput;
  ExportInput: ExportInput;
  LaunchTaskResult: ResolversUnionTypes<ResolversParentTypes>['LaunchTaskResult'];
  LaunchTaskSuccess: Omit<LaunchTaskSuccess, 'run'> & { run: ResolversParentTypes['Run'] };
  CreateUploadInput: CreateUploadInput;
  CreateUploadResult: ResolversUnionTypes<ResolversParentTypes>['CreateUploadResult'];
  UploadHeader: UploadHeader;
  Upload: Upload;
  UpdateRunInput: UpdateRunInput;
  UpdateRunResult: ResolversUnionTypes<ResolversParentTypes>['UpdateRunResult'];
  UpdateRunSuccess: Omit<UpdateRunSuccess, 'run'> & { run: ResolversParentTypes['Run'] };
  DeleteRunResult: ResolversUnionTypes<ResolversParentTypes>['DeleteRunResult'];
  DeleteRunSuccess: DeleteRunSuccess;
  Viewer: Omit<Viewer, 'projects'> & { projects: ReadonlyArray<ResolversParentTypes['Project']> };
  Project: ProjectModel;
  ApiKey: ApiKeyModel;
  ApiKeysResult: ResolversUnionTypes<ResolversParentTypes>['ApiKeysResult'];
  ApiKeyList: Omit<ApiKeyList, 'keys'> & { keys: ReadonlyArray<ResolversParentTypes['ApiKey']> };
  CreateApiKeyInput: CreateApiKeyInput;
  CreateApiKeyResult: ResolversUnionTypes<ResolversParentTypes>['CreateApiKeyResult'];
  CreateApiKeySuccess: Omit<CreateApiKeySuccess, 'key'> & { key: ResolversParentTypes['ApiKey'] };
  RevokeApiKeyResult: ResolversUnionTypes<ResolversParentTypes>['RevokeApiKeyResult'];
  RevokeApiKeySuccess: RevokeApiKeySuccess;
  SetMemberInput: SetMemberInput;
  SetMemberResult: ResolversUnionTypes<ResolversParentTypes>['SetMemberResult'];
  SetMemberSuccess: SetMemberSuccess;
  SocketTicket: SocketTicket;
  StopRunResult: ResolversUnionTypes<ResolversParentTypes>['StopRunResult'];
  StopRunSuccess: Omit<StopRunSuccess, 'run'> & { run: ResolversParentTypes['Run'] };
  PlanTrainingResult: ResolversUnionTypes<ResolversParentTypes>['PlanTrainingResult'];
  TrainingPlan: TrainingPlanModel;
  Spread: Spread;
  Estimate: Estimate;
  Offer: OfferModel;
  TrainingSpec: TrainSpec;
  PinnedCheckpoint: PinnedCheckpointModel;
  ModelSpec: ModelSpecModel;
  LossSpec: LossSpec;
  RegularizerSpec: RegularizerSpec;
  EmaSpec: EmaSpec;
  ScheduleSpec: ScheduleSpecModel;
  OptimizersSpec: OptimizersSpec;
  AdamSpec: AdamSpec;
  SnapshotsSpec: SnapshotsSpec;
  ResourcesSpec: ResourcesSpecModel;
  LimitsSpec: LimitsSpec;
  Run: RunModel;
  RunFile: FileRecord;
  Reason: ReasonModel;
  PhaseSpan: PhaseSpanModel;
  Cost: Cost;
  LogPage: LogPageModel;
  LogLine: LogLineModel;
  Attempt: AttemptModel;
  MetricValue: MetricModel;
  MetricSeries: MetricSeries;
  MetricBucket: MetricBucket;
  SampleSheet: SheetModel;
  Checkpoint: CheckpointModel;
  RunEventBatch: BatchModel;
  JournalEvent: ResolversInterfaceTypes<ResolversParentTypes>['JournalEvent'];
  RunEvent: ResolversUnionTypes<ResolversParentTypes>['RunEvent'];
  MetricsLogged: MetricsLoggedModel;
  SampleAdded: SampleAddedModel;
  CheckpointSealed: CheckpointSealedModel;
  PhaseChanged: PhaseChangedModel;
  AttemptStarted: AttemptStartedModel;
  GuardTripped: GuardTrippedModel;
  RunConnection: Omit<RunConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['RunEdge']> };
  RunEdge: Omit<RunEdge, 'node'> & { node: ResolversParentTypes['Run'] };
  SampleSheetConnection: Omit<SampleSheetConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['SampleSheetEdge']> };
  SampleSheetEdge: Omit<SampleSheetEdge, 'node'> & { node: ResolversParentTypes['SampleSheet'] };
  CheckpointConnection: Omit<CheckpointConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['CheckpointEdge']> };
  CheckpointEdge: Omit<CheckpointEdge, 'node'> & { node: ResolversParentTypes['Checkpoint'] };
  DatasetConnection: Omit<DatasetConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DatasetEdge']> };
  DatasetEdge: Omit<DatasetEdge, 'node'> & { node: ResolversParentTypes['Dataset'] };
  PageInfo: PageInfo;
  RunFilter: RunFilter;
  Preset: PresetModel;
  Dataset: DatasetModel;
  SkippedFile: SkippedFile;
  ServerInfo: ServerInfo;
  OperationLimits: OperationLimits;
  Feature: Feature;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface StepScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Step'], any> {
  name: 'Step';
}

export interface LongScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Long'], any> {
  name: 'Long';
}

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  run?: Resolver<Maybe<ResolversTypes['Run']>, ParentType, ContextType, RequireFields<QueryRunArgs, 'id'>>;
  runs?: Resolver<ResolversTypes['RunConnection'], ParentType, ContextType, RequireFields<QueryRunsArgs, 'first'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
  presets?: Resolver<ReadonlyArray<ResolversTypes['Preset']>, ParentType, ContextType>;
  dataset?: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType, RequireFields<QueryDatasetArgs, 'id'>>;
  datasets?: Resolver<ResolversTypes['DatasetConnection'], ParentType, ContextType, RequireFields<QueryDatasetsArgs, 'first'>>;
  apiKeys?: Resolver<ResolversTypes['ApiKeysResult'], ParentType, ContextType, Partial<QueryApiKeysArgs>>;
  planTraining?: Resolver<ResolversTypes['PlanTrainingResult'], ParentType, ContextType, RequireFields<QueryPlanTrainingArgs, 'input'>>;
  server?: Resolver<ResolversTypes['ServerInfo'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  launchTraining?: Resolver<ResolversTypes['LaunchTrainingResult'], ParentType, ContextType, RequireFields<MutationLaunchTrainingArgs, 'input'>>;
  stopRun?: Resolver<ResolversTypes['StopRunResult'], ParentType, ContextType, RequireFields<MutationStopRunArgs, 'id'>>;
  resumeRun?: Resolver<ResolversTypes['LaunchTrainingResult'], ParentType, ContextType, RequireFields<MutationResumeRunArgs, 'id'>>;
  launchTask?: Resolver<ResolversTypes['LaunchTaskResult'], ParentType, ContextType, RequireFields<MutationLaunchTaskArgs, 'input'>>;
  createUpload?: Resolver<ResolversTypes['CreateUploadResult'], ParentType, ContextType, RequireFields<MutationCreateUploadArgs, 'input'>>;
  updateRun?: Resolver<ResolversTypes['UpdateRunResult'], ParentType, ContextType, RequireFields<MutationUpdateRunArgs, 'input'>>;
  deleteRun?: Resolver<ResolversTypes['DeleteRunResult'], ParentType, ContextType, RequireFields<MutationDeleteRunArgs, 'id'>>;
  createApiKey?: Resolver<ResolversTypes['CreateApiKeyResult'], ParentType, ContextType, RequireFields<MutationCreateApiKeyArgs, 'input'>>;
  revokeApiKey?: Resolver<ResolversTypes['RevokeApiKeyResult'], ParentType, ContextType, RequireFields<MutationRevokeApiKeyArgs, 'id'>>;
  setMember?: Resolver<ResolversTypes['SetMemberResult'], ParentType, ContextType, RequireFields<MutationSetMemberArgs, 'input'>>;
  createSocketTicket?: Resolver<ResolversTypes['SocketTicket'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  runEvents?: SubscriptionResolver<ResolversTypes['RunEventBatch'], "runEvents", ParentType, ContextType, RequireFields<SubscriptionRunEventsArgs, 'runId' | 'includeSuperseded'>>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Project' | 'Run' | 'SampleSheet' | 'Checkpoint' | 'Dataset', ParentType, ContextType>;
};

export type LaunchTrainingResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LaunchTrainingResult'] = ResolversParentTypes['LaunchTrainingResult']> = {
  __resolveType: TypeResolveFn<'LaunchTrainingSuccess' | 'ValidationFailed' | 'IdempotencyConflict' | 'QuotaExceeded' | 'BudgetTooLow' | 'InvalidState' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type LaunchTrainingSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LaunchTrainingSuccess'] = ResolversParentTypes['LaunchTrainingSuccess']> = {
  run?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  __resolveType: TypeResolveFn<'InvalidState' | 'ValidationFailed' | 'IdempotencyConflict' | 'QuotaExceeded' | 'BudgetTooLow' | 'NotFound' | 'Forbidden', ParentType, ContextType>;
};

export type InvalidStateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidState'] = ResolversParentTypes['InvalidState']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  run?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ValidationFailedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ValidationFailed'] = ResolversParentTypes['ValidationFailed']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issues?: Resolver<ReadonlyArray<ResolversTypes['ValidationIssue']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ValidationIssueResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ValidationIssue'] = ResolversParentTypes['ValidationIssue']> = {
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type IdempotencyConflictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IdempotencyConflict'] = ResolversParentTypes['IdempotencyConflict']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  run?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type QuotaExceededResolvers<ContextType = Context, ParentType extends ResolversParentTypes['QuotaExceeded'] = ResolversParentTypes['QuotaExceeded']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quota?: Resolver<ResolversTypes['Quota'], ParentType, ContextType>;
  limit?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  used?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  resetAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BudgetTooLowResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BudgetTooLow'] = ResolversParentTypes['BudgetTooLow']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  plan?: Resolver<ResolversTypes['TrainingPlan'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotFound'] = ResolversParentTypes['NotFound']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ForbiddenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Forbidden'] = ResolversParentTypes['Forbidden']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LaunchTaskResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LaunchTaskResult'] = ResolversParentTypes['LaunchTaskResult']> = {
  __resolveType: TypeResolveFn<'LaunchTaskSuccess' | 'ValidationFailed' | 'IdempotencyConflict' | 'QuotaExceeded' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type LaunchTaskSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LaunchTaskSuccess'] = ResolversParentTypes['LaunchTaskSuccess']> = {
  run?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateUploadResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateUploadResult'] = ResolversParentTypes['CreateUploadResult']> = {
  __resolveType: TypeResolveFn<'Upload' | 'ValidationFailed' | 'QuotaExceeded' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type UploadHeaderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UploadHeader'] = ResolversParentTypes['UploadHeader']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UploadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Upload'] = ResolversParentTypes['Upload']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  headers?: Resolver<ReadonlyArray<ResolversTypes['UploadHeader']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateRunResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateRunResult'] = ResolversParentTypes['UpdateRunResult']> = {
  __resolveType: TypeResolveFn<'UpdateRunSuccess' | 'ValidationFailed' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type UpdateRunSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateRunSuccess'] = ResolversParentTypes['UpdateRunSuccess']> = {
  run?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteRunResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteRunResult'] = ResolversParentTypes['DeleteRunResult']> = {
  __resolveType: TypeResolveFn<'DeleteRunSuccess' | 'InvalidState' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type DeleteRunSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteRunSuccess'] = ResolversParentTypes['DeleteRunSuccess']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  projects?: Resolver<ReadonlyArray<ResolversTypes['Project']>, ParentType, ContextType>;
};

export type ProjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ApiKeyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiKey'] = ResolversParentTypes['ApiKey']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  createdBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ApiKeysResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiKeysResult'] = ResolversParentTypes['ApiKeysResult']> = {
  __resolveType: TypeResolveFn<'ApiKeyList' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type ApiKeyListResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiKeyList'] = ResolversParentTypes['ApiKeyList']> = {
  keys?: Resolver<ReadonlyArray<ResolversTypes['ApiKey']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateApiKeyResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateApiKeyResult'] = ResolversParentTypes['CreateApiKeyResult']> = {
  __resolveType: TypeResolveFn<'CreateApiKeySuccess' | 'ValidationFailed' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type CreateApiKeySuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateApiKeySuccess'] = ResolversParentTypes['CreateApiKeySuccess']> = {
  key?: Resolver<ResolversTypes['ApiKey'], ParentType, ContextType>;
  token?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RevokeApiKeyResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeApiKeyResult'] = ResolversParentTypes['RevokeApiKeyResult']> = {
  __resolveType: TypeResolveFn<'RevokeApiKeySuccess' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type RevokeApiKeySuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeApiKeySuccess'] = ResolversParentTypes['RevokeApiKeySuccess']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SetMemberResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetMemberResult'] = ResolversParentTypes['SetMemberResult']> = {
  __resolveType: TypeResolveFn<'SetMemberSuccess' | 'ValidationFailed' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type SetMemberSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetMemberSuccess'] = ResolversParentTypes['SetMemberSuccess']> = {
  user?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['Role']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SocketTicketResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SocketTicket'] = ResolversParentTypes['SocketTicket']> = {
  ticket?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type StopRunResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StopRunResult'] = ResolversParentTypes['StopRunResult']> = {
  __resolveType: TypeResolveFn<'StopRunSuccess' | 'Forbidden' | 'NotFound', ParentType, ContextType>;
};

export type StopRunSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StopRunSuccess'] = ResolversParentTypes['StopRunSuccess']> = {
  run?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlanTrainingResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlanTrainingResult'] = ResolversParentTypes['PlanTrainingResult']> = {
  __resolveType: TypeResolveFn<'TrainingPlan' | 'ValidationFailed' | 'NotFound', ParentType, ContextType>;
};

export type TrainingPlanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingPlan'] = ResolversParentTypes['TrainingPlan']> = {
  spec?: Resolver<ResolversTypes['TrainingSpec'], ParentType, ContextType>;
  warnings?: Resolver<ReadonlyArray<ResolversTypes['ValidationIssue']>, ParentType, ContextType>;
  estimate?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  offers?: Resolver<ReadonlyArray<ResolversTypes['Offer']>, ParentType, ContextType>;
  specJson?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SpreadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Spread'] = ResolversParentTypes['Spread']> = {
  low?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  expected?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  high?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type EstimateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Estimate'] = ResolversParentTypes['Estimate']> = {
  seconds?: Resolver<ResolversTypes['Spread'], ParentType, ContextType>;
  costUsd?: Resolver<Maybe<ResolversTypes['Spread']>, ParentType, ContextType>;
  basis?: Resolver<ResolversTypes['EstimateBasis'], ParentType, ContextType>;
};

export type OfferResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Offer'] = ResolversParentTypes['Offer']> = {
  instanceType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  spot?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  usdPerHour?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  pricedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  estimate?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
};

export type TrainingSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingSpec'] = ResolversParentTypes['TrainingSpec']> = {
  preset?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  dataset?: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
  startFrom?: Resolver<Maybe<ResolversTypes['PinnedCheckpoint']>, ParentType, ContextType>;
  seed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  kimg?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  batchSize?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  microBatches?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reuseFakes?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  steps?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  model?: Resolver<ResolversTypes['ModelSpec'], ParentType, ContextType>;
  loss?: Resolver<ResolversTypes['LossSpec'], ParentType, ContextType>;
  regularizer?: Resolver<ResolversTypes['RegularizerSpec'], ParentType, ContextType>;
  ema?: Resolver<Maybe<ResolversTypes['EmaSpec']>, ParentType, ContextType>;
  schedule?: Resolver<ResolversTypes['ScheduleSpec'], ParentType, ContextType>;
  optimizers?: Resolver<ResolversTypes['OptimizersSpec'], ParentType, ContextType>;
  snapshots?: Resolver<ResolversTypes['SnapshotsSpec'], ParentType, ContextType>;
  resources?: Resolver<ResolversTypes['ResourcesSpec'], ParentType, ContextType>;
  limits?: Resolver<ResolversTypes['LimitsSpec'], ParentType, ContextType>;
};

export type PinnedCheckpointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PinnedCheckpoint'] = ResolversParentTypes['PinnedCheckpoint']> = {
  checkpoint?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  run?: Resolver<Maybe<ResolversTypes['Run']>, ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  digest?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ModelSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ModelSpec'] = ResolversParentTypes['ModelSpec']> = {
  architecture?: Resolver<ResolversTypes['Architecture'], ParentType, ContextType>;
  latentSize?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  generatorChannels?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Int']>>, ParentType, ContextType>;
  discriminatorChannels?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Int']>>, ParentType, ContextType>;
  kernelSize?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  generatorWidths?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Int']>>, ParentType, ContextType>;
  discriminatorWidths?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Int']>>, ParentType, ContextType>;
  dropout?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  capacity?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  conditional?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type LossSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LossSpec'] = ResolversParentTypes['LossSpec']> = {
  kind?: Resolver<ResolversTypes['LossKind'], ParentType, ContextType>;
  realTarget?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type RegularizerSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegularizerSpec'] = ResolversParentTypes['RegularizerSpec']> = {
  kind?: Resolver<ResolversTypes['RegularizerKind'], ParentType, ContextType>;
  gamma?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  fraction?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type EmaSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmaSpec'] = ResolversParentTypes['EmaSpec']> = {
  halfLifeKimg?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  rampUp?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ScheduleSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ScheduleSpec'] = ResolversParentTypes['ScheduleSpec']> = {
  kind?: Resolver<ResolversTypes['ScheduleKind'], ParentType, ContextType>;
  at?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  learningRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  beta2?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  gamma?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type OptimizersSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OptimizersSpec'] = ResolversParentTypes['OptimizersSpec']> = {
  generator?: Resolver<ResolversTypes['AdamSpec'], ParentType, ContextType>;
  discriminator?: Resolver<ResolversTypes['AdamSpec'], ParentType, ContextType>;
};

export type AdamSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AdamSpec'] = ResolversParentTypes['AdamSpec']> = {
  learningRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  beta1?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  beta2?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  epsilon?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type SnapshotsSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SnapshotsSpec'] = ResolversParentTypes['SnapshotsSpec']> = {
  tickSteps?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sampleSteps?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  checkpointSteps?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sampleSeconds?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  checkpointSeconds?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  columns?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rows?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ResourcesSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResourcesSpec'] = ResolversParentTypes['ResourcesSpec']> = {
  threads?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  gpus?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  memoryMb?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  instanceType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  spot?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  precision?: Resolver<ResolversTypes['Precision'], ParentType, ContextType>;
};

export type LimitsSpecResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LimitsSpec'] = ResolversParentTypes['LimitsSpec']> = {
  maxRuntime?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  maxCostUsd?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  maxQueueTime?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type RunResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Run'] = ResolversParentTypes['Run']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  task?: Resolver<ResolversTypes['TaskKind'], ParentType, ContextType>;
  project?: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
  createdBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  labels?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  notes?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pinned?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  spec?: Resolver<Maybe<ResolversTypes['TrainingSpec']>, ParentType, ContextType>;
  dataset?: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType>;
  head?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  phases?: Resolver<ReadonlyArray<ResolversTypes['PhaseSpan']>, ParentType, ContextType>;
  cost?: Resolver<ResolversTypes['Cost'], ParentType, ContextType>;
  latestSample?: Resolver<Maybe<ResolversTypes['SampleSheet']>, ParentType, ContextType>;
  latestCheckpoint?: Resolver<Maybe<ResolversTypes['Checkpoint']>, ParentType, ContextType>;
  log?: Resolver<ResolversTypes['LogPage'], ParentType, ContextType, RequireFields<RunLogArgs, 'first'>>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['RunPhase'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['Reason']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  kimg?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  attempts?: Resolver<ReadonlyArray<ResolversTypes['Attempt']>, ParentType, ContextType>;
  specJson?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  summary?: Resolver<ReadonlyArray<ResolversTypes['MetricValue']>, ParentType, ContextType>;
  metrics?: Resolver<ReadonlyArray<ResolversTypes['MetricSeries']>, ParentType, ContextType, RequireFields<RunMetricsArgs, 'buckets'>>;
  samples?: Resolver<ResolversTypes['SampleSheetConnection'], ParentType, ContextType, RequireFields<RunSamplesArgs, 'first' | 'order'>>;
  checkpoints?: Resolver<ResolversTypes['CheckpointConnection'], ParentType, ContextType, RequireFields<RunCheckpointsArgs, 'first' | 'order'>>;
  files?: Resolver<ReadonlyArray<ResolversTypes['RunFile']>, ParentType, ContextType>;
  events?: Resolver<ResolversTypes['RunEventBatch'], ParentType, ContextType, RequireFields<RunEventsArgs, 'first' | 'includeSuperseded'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RunFileResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RunFile'] = ResolversParentTypes['RunFile']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ReasonResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Reason'] = ResolversParentTypes['Reason']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PhaseSpanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhaseSpan'] = ResolversParentTypes['PhaseSpan']> = {
  phase?: Resolver<ResolversTypes['RunPhase'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['Reason']>, ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type CostResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Cost'] = ResolversParentTypes['Cost']> = {
  usd?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  usdPerHour?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  capUsd?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type LogPageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogPage'] = ResolversParentTypes['LogPage']> = {
  lines?: Resolver<ReadonlyArray<ResolversTypes['LogLine']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  hasMore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type LogLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogLine'] = ResolversParentTypes['LogLine']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AttemptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Attempt'] = ResolversParentTypes['Attempt']> = {
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  launch?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  resumedFromStep?: Resolver<Maybe<ResolversTypes['Step']>, ParentType, ContextType>;
  exitCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  endReason?: Resolver<Maybe<ResolversTypes['Reason']>, ParentType, ContextType>;
  costUsd?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  trainerVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  host?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  exact?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  differs?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type MetricValueResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MetricValue'] = ResolversParentTypes['MetricValue']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  value?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  nonFinite?: Resolver<Maybe<ResolversTypes['NonFinite']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type MetricSeriesResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MetricSeries'] = ResolversParentTypes['MetricSeries']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  points?: Resolver<ReadonlyArray<ResolversTypes['MetricBucket']>, ParentType, ContextType>;
};

export type MetricBucketResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MetricBucket'] = ResolversParentTypes['MetricBucket']> = {
  start?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  width?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  last?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  min?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  max?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  mean?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  nonFinite?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SampleSheetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SampleSheet'] = ResolversParentTypes['SampleSheet']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  set?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  kimg?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  trigger?: Resolver<ResolversTypes['Trigger'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  width?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  height?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  columns?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rows?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CheckpointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Checkpoint'] = ResolversParentTypes['Checkpoint']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  runId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  kimg?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  trigger?: Resolver<ResolversTypes['Trigger'], ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  sealedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  pinned?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  deletedAfter?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RunEventBatchResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RunEventBatch'] = ResolversParentTypes['RunEventBatch']> = {
  since?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['RunEvent']>, ParentType, ContextType>;
  hasMore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  run?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
};

export type JournalEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JournalEvent'] = ResolversParentTypes['JournalEvent']> = {
  __resolveType: TypeResolveFn<'MetricsLogged' | 'SampleAdded' | 'CheckpointSealed' | 'PhaseChanged' | 'AttemptStarted' | 'GuardTripped', ParentType, ContextType>;
};

export type RunEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RunEvent'] = ResolversParentTypes['RunEvent']> = {
  __resolveType: TypeResolveFn<'MetricsLogged' | 'SampleAdded' | 'CheckpointSealed' | 'PhaseChanged' | 'AttemptStarted' | 'GuardTripped', ParentType, ContextType>;
};

export type MetricsLoggedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MetricsLogged'] = ResolversParentTypes['MetricsLogged']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attemptNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  kimg?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  values?: Resolver<ReadonlyArray<ResolversTypes['MetricValue']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SampleAddedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SampleAdded'] = ResolversParentTypes['SampleAdded']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attemptNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  sheet?: Resolver<ResolversTypes['SampleSheet'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CheckpointSealedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckpointSealed'] = ResolversParentTypes['CheckpointSealed']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attemptNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  checkpoint?: Resolver<ResolversTypes['Checkpoint'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PhaseChangedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PhaseChanged'] = ResolversParentTypes['PhaseChanged']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attemptNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['RunPhase'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['Reason']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AttemptStartedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AttemptStarted'] = ResolversParentTypes['AttemptStarted']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attemptNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  attempt?: Resolver<ResolversTypes['Attempt'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GuardTrippedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GuardTripped'] = ResolversParentTypes['GuardTripped']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attemptNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  guard?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Step'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RunConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RunConnection'] = ResolversParentTypes['RunConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['RunEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RunEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RunEdge'] = ResolversParentTypes['RunEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
};

export type SampleSheetConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SampleSheetConnection'] = ResolversParentTypes['SampleSheetConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['SampleSheetEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SampleSheetEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SampleSheetEdge'] = ResolversParentTypes['SampleSheetEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SampleSheet'], ParentType, ContextType>;
};

export type CheckpointConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckpointConnection'] = ResolversParentTypes['CheckpointConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['CheckpointEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CheckpointEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CheckpointEdge'] = ResolversParentTypes['CheckpointEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Checkpoint'], ParentType, ContextType>;
};

export type DatasetConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetConnection'] = ResolversParentTypes['DatasetConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DatasetEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DatasetEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetEdge'] = ResolversParentTypes['DatasetEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PresetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Preset'] = ResolversParentTypes['Preset']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  specJson?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DatasetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Dataset'] = ResolversParentTypes['Dataset']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  digest?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  images?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  width?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  height?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  channels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  classes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  bytes?: Resolver<ResolversTypes['Long'], ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  skipped?: Resolver<ReadonlyArray<ResolversTypes['SkippedFile']>, ParentType, ContextType>;
  skippedTotal?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SkippedFileResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SkippedFile'] = ResolversParentTypes['SkippedFile']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ServerInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ServerInfo'] = ResolversParentTypes['ServerInfo']> = {
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  features?: Resolver<ReadonlyArray<ResolversTypes['Feature']>, ParentType, ContextType>;
  limits?: Resolver<ResolversTypes['OperationLimits'], ParentType, ContextType>;
};

export type OperationLimitsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OperationLimits'] = ResolversParentTypes['OperationLimits']> = {
  depth?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  aliases?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rootFields?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cost?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  directives?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  tokens?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type FeatureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Feature'] = ResolversParentTypes['Feature']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  enabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  Step?: GraphQLScalarType;
  Long?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  LaunchTrainingResult?: LaunchTrainingResultResolvers<ContextType>;
  LaunchTrainingSuccess?: LaunchTrainingSuccessResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  InvalidState?: InvalidStateResolvers<ContextType>;
  ValidationFailed?: ValidationFailedResolvers<ContextType>;
  ValidationIssue?: ValidationIssueResolvers<ContextType>;
  IdempotencyConflict?: IdempotencyConflictResolvers<ContextType>;
  QuotaExceeded?: QuotaExceededResolvers<ContextType>;
  BudgetTooLow?: BudgetTooLowResolvers<ContextType>;
  NotFound?: NotFoundResolvers<ContextType>;
  Forbidden?: ForbiddenResolvers<ContextType>;
  LaunchTaskResult?: LaunchTaskResultResolvers<ContextType>;
  LaunchTaskSuccess?: LaunchTaskSuccessResolvers<ContextType>;
  CreateUploadResult?: CreateUploadResultResolvers<ContextType>;
  UploadHeader?: UploadHeaderResolvers<ContextType>;
  Upload?: UploadResolvers<ContextType>;
  UpdateRunResult?: UpdateRunResultResolvers<ContextType>;
  UpdateRunSuccess?: UpdateRunSuccessResolvers<ContextType>;
  DeleteRunResult?: DeleteRunResultResolvers<ContextType>;
  DeleteRunSuccess?: DeleteRunSuccessResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  ApiKey?: ApiKeyResolvers<ContextType>;
  ApiKeysResult?: ApiKeysResultResolvers<ContextType>;
  ApiKeyList?: ApiKeyListResolvers<ContextType>;
  CreateApiKeyResult?: CreateApiKeyResultResolvers<ContextType>;
  CreateApiKeySuccess?: CreateApiKeySuccessResolvers<ContextType>;
  RevokeApiKeyResult?: RevokeApiKeyResultResolvers<ContextType>;
  RevokeApiKeySuccess?: RevokeApiKeySuccessResolvers<ContextType>;
  SetMemberResult?: SetMemberResultResolvers<ContextType>;
  SetMemberSuccess?: SetMemberSuccessResolvers<ContextType>;
  SocketTicket?: SocketTicketResolvers<ContextType>;
  StopRunResult?: StopRunResultResolvers<ContextType>;
  StopRunSuccess?: StopRunSuccessResolvers<ContextType>;
  PlanTrainingResult?: PlanTrainingResultResolvers<ContextType>;
  TrainingPlan?: TrainingPlanResolvers<ContextType>;
  Spread?: SpreadResolvers<ContextType>;
  Estimate?: EstimateResolvers<ContextType>;
  Offer?: OfferResolvers<ContextType>;
  TrainingSpec?: TrainingSpecResolvers<ContextType>;
  PinnedCheckpoint?: PinnedCheckpointResolvers<ContextType>;
  ModelSpec?: ModelSpecResolvers<ContextType>;
  LossSpec?: LossSpecResolvers<ContextType>;
  RegularizerSpec?: RegularizerSpecResolvers<ContextType>;
  EmaSpec?: EmaSpecResolvers<ContextType>;
  ScheduleSpec?: ScheduleSpecResolvers<ContextType>;
  OptimizersSpec?: OptimizersSpecResolvers<ContextType>;
  AdamSpec?: AdamSpecResolvers<ContextType>;
  SnapshotsSpec?: SnapshotsSpecResolvers<ContextType>;
  ResourcesSpec?: ResourcesSpecResolvers<ContextType>;
  LimitsSpec?: LimitsSpecResolvers<ContextType>;
  Run?: RunResolvers<ContextType>;
  RunFile?: RunFileResolvers<ContextType>;
  Reason?: ReasonResolvers<ContextType>;
  PhaseSpan?: PhaseSpanResolvers<ContextType>;
  Cost?: CostResolvers<ContextType>;
  LogPage?: LogPageResolvers<ContextType>;
  LogLine?: LogLineResolvers<ContextType>;
  Attempt?: AttemptResolvers<ContextType>;
  MetricValue?: MetricValueResolvers<ContextType>;
  MetricSeries?: MetricSeriesResolvers<ContextType>;
  MetricBucket?: MetricBucketResolvers<ContextType>;
  SampleSheet?: SampleSheetResolvers<ContextType>;
  Checkpoint?: CheckpointResolvers<ContextType>;
  RunEventBatch?: RunEventBatchResolvers<ContextType>;
  JournalEvent?: JournalEventResolvers<ContextType>;
  RunEvent?: RunEventResolvers<ContextType>;
  MetricsLogged?: MetricsLoggedResolvers<ContextType>;
  SampleAdded?: SampleAddedResolvers<ContextType>;
  CheckpointSealed?: CheckpointSealedResolvers<ContextType>;
  PhaseChanged?: PhaseChangedResolvers<ContextType>;
  AttemptStarted?: AttemptStartedResolvers<ContextType>;
  GuardTripped?: GuardTrippedResolvers<ContextType>;
  RunConnection?: RunConnectionResolvers<ContextType>;
  RunEdge?: RunEdgeResolvers<ContextType>;
  SampleSheetConnection?: SampleSheetConnectionResolvers<ContextType>;
  SampleSheetEdge?: SampleSheetEdgeResolvers<ContextType>;
  CheckpointConnection?: CheckpointConnectionResolvers<ContextType>;
  CheckpointEdge?: CheckpointEdgeResolvers<ContextType>;
  DatasetConnection?: DatasetConnectionResolvers<ContextType>;
  DatasetEdge?: DatasetEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Preset?: PresetResolvers<ContextType>;
  Dataset?: DatasetResolvers<ContextType>;
  SkippedFile?: SkippedFileResolvers<ContextType>;
  ServerInfo?: ServerInfoResolvers<ContextType>;
  OperationLimits?: OperationLimitsResolvers<ContextType>;
  Feature?: FeatureResolvers<ContextType>;
};


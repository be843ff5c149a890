// Made from schema.graphql by `npm run codegen`. Do not edit.
export const typeDefs = `# The public API of Ganway: everything a client can ask, start and watch. Begin at Query, Mutation and Subscription.

"An instant in RFC 3339, always in UTC, for example \`2026-05-01T12:00:00.000Z\`."
scalar DateTime

"A number of training steps: an integer from 0 to 2^53 − 1. GraphQL's Int has only 32 bits."
scalar Step

"An integer beyond 32 bits, such as a number of bytes, from −(2^53 − 1) to 2^53 − 1; a plain JSON number."
scalar Long

"What can be asked. A thing that does not exist, or that the viewer may not see, is null and not an error."
type Query {
  "A run, or null where there is none that the viewer may see."
  run("Id of the run." id: ID!): Run

  "The runs of a project, newest first."
  runs(
    "The viewer's default project where it is null."
    project: ID
    "Length of the page, 0 to 100."
    first: Int = 20
    "\`endCursor\` of the page before."
    after: String
    "Only runs that pass every condition given."
    filter: RunFilter
  ): RunConnection!

  "Refetches anything with an id: a run, a sheet whose URL expired, a checkpoint, a data set, a project."
  node("Id of the thing." id: ID!): Node

  "Who is asking."
  viewer: Viewer!

  "Named specs to start a training from."
  presets: [Preset!]!

  "A data set, or null where there is none that the viewer may see."
  dataset("Id of the data set; built-in ones have readable ids such as \`digits\`." id: ID!): Dataset

  "The data sets of a project and the built-in ones."
  datasets(
    "The viewer's default project where it is null."
    project: ID
    "Length of the page, 0 to 100."
    first: Int = 20
    "\`endCursor\` of the page before."
    after: String
  ): DatasetConnection!

  "The API keys of a project, newest first, without their secrets. For its ADMINs."
  apiKeys("The viewer's default project where it is null." project: ID): ApiKeysResult!

  "What launchTraining would do: the resolved spec, warnings, price and time. Starts nothing."
  planTraining("The training to plan." input: TrainingInput!): PlanTrainingResult!

  "Version, limits and features of this server."
  server: ServerInfo!
}

"What can be changed. Expected failures are members of the result union; errors are for what should not happen."
type Mutation {
  "Start a training. Sent again with the same key and the same training it returns the same run."
  launchTraining(
    "What to train, and the key that makes sending it again safe."
    input: LaunchTrainingInput!
  ): LaunchTrainingResult!

  "Ask a run to stop at the next step, after a last checkpoint. Stopping an ended run succeeds and changes nothing."
  stopRun("Id of the run." id: ID!): StopRunResult!

  "Continue a run that stopped or failed, from its newest complete checkpoint, as the same run."
  resumeRun("Id of the run." id: ID!): LaunchTrainingResult!

  "Start a task that is not a training, such as the import of a data set. Every task is a run and is watched like one."
  launchTask("What to do, and the key that makes sending it again safe." input: LaunchTaskInput!): LaunchTaskResult!

  "Ask for a URL to PUT one file to, for example the images of a data set to import."
  createUpload("Name, size and hash of the file." input: CreateUploadInput!): CreateUploadResult!

  "Change what people say about a run: name, labels, notes, pin. Never what it computes."
  updateRun("The run and its new properties; what is left out stays as it is." input: UpdateRunInput!): UpdateRunResult!

  "Delete an ended run with all its results; it is hidden at once."
  deleteRun("Id of the run." id: ID!): DeleteRunResult!

  "Make an API key, by which a program proves who it is. For ADMINs of the project."
  createApiKey("Project, name and role of the key." input: CreateApiKeyInput!): CreateApiKeyResult!

  "End an API key for good; within a minute nobody comes in by it. What it has begun goes on. For ADMINs of its project."
  revokeApiKey("Id of the key." id: ID!): RevokeApiKeyResult!

  "Let a person into a project, change their role there, or take them out; within a minute it holds. For ADMINs of the project."
  setMember("Who, where, and what they may do." input: SetMemberInput!): SetMemberResult!

  """
  A ticket that opens one WebSocket within a minute, as \`?ticket=\` in its URL: for browsers, which cannot send a header with it.
  Whoever can sends the same Authorization header as over HTTP instead.
  """
  createSocketTicket: SocketTicket!
}

"What can be watched, over WebSocket with the protocol graphql-transport-ws at the same path as the rest."
type Subscription {
  """
  All that happens in a run after the cursor (from the start where it is null), in order, with no gap and no duplicate;
  ends with the run. Superseded events (rewound by a later attempt) are left out unless asked for; on
  AttemptStarted{resumedFromStep: s} a client drops what it holds past s. The batch's \`run\` may select only scalars,
  \`reason\` and \`summary\`.
  """
  runEvents(
    "Id of the run."
    runId: ID!
    "Cursor of the last event or batch received, or \`head\` of the run."
    after: String
    "Send events of steps that a later attempt has computed again, too."
    includeSuperseded: Boolean = false
  ): RunEventBatch!
}

"Anything that can be fetched again by its id alone."
interface Node {
  "Globally unique and opaque; carries the project."
  id: ID!
}

"""
What a training should be. All but the data set is optional: the preset, or the training whose checkpoint it starts from,
says the rest; \`planTraining\` shows the result.
"""
input TrainingInput {
  "The named spec to start from, one of \`presets\`. Null: that of \`startFrom\`'s training, or else \`r3gan\`."
  preset: ID
  "A data set's id; built-in ones have readable ids such as \`digits\`."
  dataset: ID!
  "Begin with what another training has learned."
  startFrom: StartFromInput
  "A name for people, at most 200 characters."
  name: String
  "Seed of every random number of the run; the same spec and seed give the same run. Null: that of \`startFrom\`'s training, or else 0."
  seed: Int
  "Length of the training in thousands of real images shown."
  kimg: Float
  "Images per step."
  batchSize: Int
  "Parts of a batch that a step computes one after the other: the same training in less memory, for networks without batch norm. A divisor of batchSize, 1 where it is null."
  microBatches: Int
  """
  The generator learns from the images that the discriminator has just learned from, instead of drawing others: a step
  draws once and is the cheaper for it, but both players see the same noise. False where it is null.
  """
  reuseFakes: Boolean
  "Changes to the preset's networks."
  model: ModelInput
  "Changes to the preset's loss."
  loss: LossInput
  "Changes to what the discriminator pays for being steep."
  regularizer: RegularizerInput
  "Changes to the moving average of the generator's weights."
  ema: EmaInput
  "Changes to what learning rates, β₂ and γ become in the course of the training."
  schedule: ScheduleInput
  "Changes to the preset's optimizers."
  optimizers: OptimizersInput
  "How often metrics, sample sheets and checkpoints are written."
  snapshots: SnapshotsInput
  "What the run needs of a machine."
  resources: ResourcesInput
  "When to stop early."
  limits: LimitsInput
}

"""
A checkpoint to begin with, of any training that the viewer may see. The new run takes over its weights and averages and
starts at step 0 with optimizers that are new: moments of zero, an update count of one. Unless \`preset\` is given, model,
loss, regularizer, ema, schedule, optimizers, batchSize, microBatches, kimg and seed are those of the checkpoint's training where the input leaves them
out; the networks must be its own, the data set need not.
"""
input StartFromInput {
  "Id of a checkpoint, as \`checkpoints\` of a run lists them."
  checkpoint: ID!
}

"Kinds of networks. The sizes of images come from the data set."
enum Architecture {
  "Dense layer and transposed convolutions against strided convolutions, as in the DCGAN paper."
  DCGAN
  "Dense layers only."
  MLP
  """
  Residual blocks without normalisation between learned bases, as in R3GAN (Huang et al. 2024): images of 28, 32 or 64 pixels a
  side, or others that can be halved until 5 to 8 are left.
  """
  R3GAN
}

"Changes to the networks; what is left out comes from the preset, and so does their kind."
input ModelInput {
  "Length of the random vector that an image is made from."
  latentSize: Int
  "DCGAN: channels of the generator's stages, from the dense one on; the image's own channels follow."
  generatorChannels: [Int!]
  "DCGAN: channels of the discriminator's convolutions."
  discriminatorChannels: [Int!]
  "DCGAN: width and height of the convolution kernels."
  kernelSize: Int
  "MLP: widths of the generator's hidden layers."
  generatorWidths: [Int!]
  "MLP: widths of the discriminator's hidden layers."
  discriminatorWidths: [Int!]
  "DCGAN and MLP: rate at which the discriminator's activations are dropped, from 0 to below 1."
  dropout: Float
  "R3GAN: multiplies the channels of every stage of both networks, from 0.0625 to 8; 1 means 64 beside the image and twice as many at each smaller size, up to 256."
  capacity: Float
  """
  R3GAN: both networks are told the class of each image. Null: where the data set has labels. Sheets then show one latent in each
  row and one class in each column; where there are more columns than classes, the classes begin anew with other latents.
  """
  conditional: Boolean
}

"What generator and discriminator optimise."
enum LossKind {
  "The generator maximises log D(G(z)): strong gradients early in the training (Goodfellow et al. 2014)."
  NON_SATURATING
  "The generator minimises log(1 − D(G(z))): the two-player game of the original paper."
  MINIMAX
  "The discriminator learns only from images on the wrong side of its margin (Lim and Ye 2017)."
  HINGE
  "Squared distances from 1 for real images and 0 for generated ones (Mao et al. 2017)."
  LEAST_SQUARES
  "The earth mover's distance (Arjovsky et al. 2017); it needs a regularizer of kind GRADIENT_PENALTY."
  WASSERSTEIN
  "Real and generated images in pairs: only how they compare counts, so that no mode is worth dropping (Jolicoeur-Martineau 2018, Huang et al. 2024)."
  RELATIVISTIC_PAIRING
}

"Changes to the loss; what is left out comes from the preset."
input LossInput {
  "Which loss on the discriminator's logits."
  kind: LossKind
  "NON_SATURATING and MINIMAX: the probability that the discriminator is to give real images, above 0.5 to 1. Below 1 it is one-sided label smoothing (Salimans et al. 2016)."
  realTarget: Float
}

"What the discriminator pays for: how fast its logit changes with the pixels of an image."
enum RegularizerKind {
  "Nothing."
  NONE
  "The mean of ‖∂logit/∂image‖² over real images, times γ/2 (Mescheder et al. 2018)."
  R1
  "R1, and the same over generated images."
  R1_R2
  "The mean of (‖∂logit/∂image‖ − 1)² over images between real and generated ones, times γ: the penalty of WGAN-GP (Gulrajani et al. 2017)."
  GRADIENT_PENALTY
}

"Changes to the regularizer; what is left out comes from the preset."
input RegularizerInput {
  "What is paid for."
  kind: RegularizerKind
  "Its weight, from 0; it may follow the schedule. Where only the kind is given: 1, or 10 for GRADIENT_PENALTY."
  gamma: Float
  "Share of each batch that it looks at, or of each part of one, above 0 to 1: the same on average, at a part of the price."
  fraction: Float
}

"Changes to the moving average of the generator's weights; what is left out comes from the preset. Sheets are of set \`ema\` where there is one, else of set \`raw\`; exports have the averages, too."
input EmaInput {
  "Images after which a weight counts half, in thousands. 0: there is no average."
  halfLifeKimg: Float
  "The half-life is never more than this share of the images shown so far, above 0 to 1. Null: that of the preset, or 0.05."
  rampUp: Float
}

"How values change by the share of the run's images that were shown."
enum ScheduleKind {
  "They stay."
  CONSTANT
  "Half a wave of the cosine to the final values, without restarts (Loshchilov and Hutter 2017)."
  COSINE
  "To the final values at once."
  STEP
}

"Changes to the schedule; what is left out comes from the preset. Values that have no final one stay what they are."
input ScheduleInput {
  "How values get to the final ones."
  kind: ScheduleKind
  "STEP: share of the images after which the final values hold, above 0 to 1; 0.5 where it is null."
  at: Float
  "Final learning rate of both optimizers, above 0."
  learningRate: Float
  "Final β₂ of both optimizers, from 0 to below 1."
  beta2: Float
  "Final weight of the regularizer, from 0."
  gamma: Float
}

"Changes to both optimizers; what is left out comes from the preset."
input OptimizersInput {
  "Adam of the generator."
  generator: AdamInput
  "Adam of the discriminator."
  discriminator: AdamInput
}

"Changes to one Adam optimizer (Kingma and Ba 2015); what is left out comes from the preset."
input AdamInput {
  "Step size α, above 0."
  learningRate: Float
  "Decay of the mean of gradients, from 0 to below 1."
  beta1: Float
  "Decay of the mean of squared gradients, from 0 to below 1."
  beta2: Float
  "Added to the root of the second moment, above 0."
  epsilon: Float
}

"How often the run is recorded; what is left out follows from its length."
input SnapshotsInput {
  "Steps from one metric row to the next."
  tickSteps: Int
  "Steps from one sample sheet to the next."
  sampleSteps: Int
  "Steps from one checkpoint to the next."
  checkpointSteps: Int
  "An extra sheet when so many seconds passed without one; it changes nothing in the training."
  sampleSeconds: Float
  "An extra checkpoint when so many seconds passed without one; it changes nothing in the training."
  checkpointSeconds: Float
  "Images in a row of a sheet. Null: 8, or for conditional networks one for each class, at most 10."
  columns: Int
  "Rows of a sheet."
  rows: Int
}

"What the run needs of a machine. What is left out is one slot of the queue, or the whole of a rented machine."
input ResourcesInput {
  "CPU threads of the computation. Part of the spec, because the rounding of sums depends on it."
  threads: Int
  "Memory of the container in MiB."
  memoryMb: Int
  "Type of the machine to rent, for example \`g5.xlarge\`; \`planTraining\` lists which there are. Where it is null, the one with a GPU that is thought to compute most for its money. Only on servers that rent machines."
  instanceType: String
  "Whether the machine may be taken away at any time, which is cheaper: the run continues elsewhere. Where it is null, whatever costs less. Only on servers that rent machines."
  spot: Boolean
  "What products are computed in. Null: \`TF32\` on a GPU, \`FP32\` without one."
  precision: Precision
}

"""
What convolutions and products of matrices are computed in. Weights, optimizers, norms, losses and gradient penalties are
float32 under each. Part of the spec, because results depend on it.
"""
enum Precision {
  "All 24 binary digits of float32; forbids TF32 on GPUs that would use it."
  FP32
  "Factors have 11 binary digits, on NVIDIA GPUs from Ampere on, and sums 24. Not without a GPU."
  TF32
  "Factors and results are bfloat16, which has 8 binary digits and the range of float32; sums have 24 digits. Penalties stay FP32."
  BF16
}

"When to stop early: through a checkpoint where the run computes. updateRun changes them, also of a run that goes on."
input LimitsInput {
  "Seconds of computing over all attempts of all launches."
  maxRuntime: Int
  "US dollars over all containers of all launches. The run stops when what two more minutes would cost is all that is left, so that its last checkpoint is within the budget."
  maxCostUsd: Float
  "Seconds that the run may wait for a machine, each time it waits."
  maxQueueTime: Int
}

"A training to start."
input LaunchTrainingInput {
  "The same key with the same training returns the same run, however often it is sent."
  idempotencyKey: ID!
  "The viewer's default project where it is null."
  project: ID
  "What to train."
  training: TrainingInput!
}

"What became of a launch or a resume."
union LaunchTrainingResult =
  | LaunchTrainingSuccess
  | ValidationFailed
  | IdempotencyConflict
  | QuotaExceeded
  | BudgetTooLow
  | InvalidState
  | Forbidden
  | NotFound

"The run is recorded and on its way to the queue."
type LaunchTrainingSuccess {
  "The run."
  run: Run!
  "True where the run existed already."
  replayed: Boolean!
}

"An expected failure, said in a sentence that tells what to do."
interface UserError {
  "For people."
  message: String!
}

"The run is in a phase where this cannot be done, for example resumeRun while it is RUNNING."
type InvalidState implements UserError {
  "What is in the way and what to do first."
  message: String!
  "The run as it is."
  run: Run!
}

"The input cannot be used; nothing was started or changed."
type ValidationFailed implements UserError {
  "All problems in one sentence."
  message: String!
  "Every problem, not only the first."
  issues: [ValidationIssue!]!
}

"One problem of an input."
type ValidationIssue {
  "Path into the input, for example \`[\\"training\\", \\"batchSize\\"]\`."
  path: [String!]!
  "What kind of problem, for programs."
  code: String!
  "What is wrong and what would be right, for people."
  message: String!
}

"The key was used before, with another input."
type IdempotencyConflict implements UserError {
  "What to do: take a new key."
  message: String!
  "The run that the key belongs to."
  run: Run!
}

"What is limited for a project."
enum Quota {
  "Runs that have not ended."
  CONCURRENT_RUNS
}

"The project has used up what it may use."
type QuotaExceeded implements UserError {
  "What is used up and how to get on."
  message: String!
  "Which quota."
  quota: Quota!
  "The most that is allowed."
  limit: Float!
  "How much is in use."
  used: Float!
  "When it refills by itself; null where something has to end or be deleted first."
  resetAt: DateTime
}

"The budget does not reach for the training. Given only by servers where runs cost money."
type BudgetTooLow implements UserError {
  "What it would take."
  message: String!
  "The plan with its price."
  plan: TrainingPlan!
}

"There is no such thing, or none that the viewer may see."
type NotFound implements UserError {
  "What was not found."
  message: String!
}

"""
The viewer sees the thing, and has too small a role in its project for this. What the viewer may not even see is NotFound,
as if it did not exist.
"""
type Forbidden implements UserError {
  "Which role it takes, which one the viewer has, and whom to ask."
  message: String!
}

"A task to start."
input LaunchTaskInput {
  "The same key with the same task returns the same run, however often it is sent."
  idempotencyKey: ID!
  "The viewer's default project where it is null."
  project: ID
  "What to do."
  task: TaskInput!
}

"The task: exactly one of these."
input TaskInput @oneOf {
  "Make a data set from uploaded files."
  importDataset: ImportDatasetInput
  "Make files of the generator in a checkpoint, to be used elsewhere."
  export: ExportInput
}

"A data set to make from uploads: zip archives or single images (PNG, JPEG, WebP), IDX or CIFAR binary files."
input ImportDatasetInput {
  "Ids of the uploads, in order. Folders inside an archive become classes."
  uploads: [ID!]!
  "Name of the new data set."
  name: String!
  "Width and height of its images in pixels; pictures are cropped to the middle square and scaled."
  size: Int!
}

"What a generator can leave as. Each is there beside \`provenance.json\`, which says where it comes from and how it is used."
enum ExportFormat {
  "Its weights by name, as \`generator.safetensors\`."
  SAFETENSORS
  """
  A TensorFlow SavedModel, as \`saved_model/\`, whose signature \`serving_default\` makes \`images\` of \`z\`: float32 from −1 to 1,
  \`[n, height, width, channels]\`, of normal numbers, \`[n, latentSize]\`, and for conditional networks of \`labels\`: int32 \`[n]\`,
  the place of a class in the data set's list. Weights are constants, averaged ones where the training had an average.
  """
  SAVED_MODEL
  "The same for TF.js, as \`tfjs/model.json\` and its weights: load it with \`tf.loadGraphModel\`."
  TFJS
}

"A generator to make files of. They are \`files\` of the run."
input ExportInput {
  "Id of a checkpoint, as \`checkpoints\` of a run lists them."
  checkpoint: ID!
  "What to make, at least one."
  formats: [ExportFormat!]!
}

"What became of the launch of a task."
union LaunchTaskResult =
  | LaunchTaskSuccess
  | ValidationFailed
  | IdempotencyConflict
  | QuotaExceeded
  | Forbidden
  | NotFound

"The run of the task is recorded and on its way to the queue."
type LaunchTaskSuccess {
  "The run of the task."
  run: Run!
  "True where the run existed already."
  replayed: Boolean!
}

"A file about to be uploaded."
input CreateUploadInput {
  "The viewer's default project where it is null."
  project: ID
  "File name with its ending."
  name: String!
  "Exact size."
  bytes: Long!
  "SHA-256 of the content, 64 hexadecimal digits."
  sha256: String!
}

"What became of the wish to upload."
union CreateUploadResult = Upload | ValidationFailed | QuotaExceeded | Forbidden | NotFound

"A header of an HTTP request."
type UploadHeader {
  "Name of the header."
  name: String!
  "Its value."
  value: String!
}

"Where to PUT the file."
type Upload {
  "Pass it to the task that uses the file."
  id: ID!
  "Target of one PUT request whose body is the file."
  url: String!
  "Headers the request must carry, exactly."
  headers: [UploadHeader!]!
  "The URL is refused after this."
  expiresAt: DateTime!
}

"New properties of a run."
input UpdateRunInput {
  "Id of the run."
  id: ID!
  "Its new name; an empty text takes it away."
  name: String
  "All its labels, replacing those it has."
  labels: [String!]
  "Free text; an empty text takes it away."
  notes: String
  "Pinned runs are kept by every clean-up."
  pinned: Boolean
  "New limits of a training; those that are null stay as they are. One that has stopped at a limit can be resumed once it is raised."
  limits: LimitsInput
}

"What became of the update."
union UpdateRunResult = UpdateRunSuccess | ValidationFailed | Forbidden | NotFound

"The run has its new properties."
type UpdateRunSuccess {
  "The run as it is now."
  run: Run!
}

"What became of the deletion."
union DeleteRunResult = DeleteRunSuccess | InvalidState | Forbidden | NotFound

"The run is gone."
type DeleteRunSuccess {
  "Id the run had."
  id: ID!
}

"Who is asking, as the server knows them."
type Viewer {
  "Id of the user."
  id: ID!
  "Name for people."
  name: String!
  "Projects the viewer may see, the default one first."
  projects: [Project!]!
}

"What a viewer may do in a project."
enum Role {
  "Look."
  VIEWER
  "Look, launch, stop, resume, upload, change and delete."
  RUNNER
  "Everything; also API keys, and who has which role."
  ADMIN
}

"A group of runs and data sets that people share."
type Project implements Node {
  "Id of the project, the first part of the ids of its runs."
  id: ID!
  "Name for people."
  name: String!
  "What the viewer may do here."
  role: Role!
}

"A key by which a program proves who it is: one project, one role."
type ApiKey {
  "Its id, the part of the token that is no secret."
  id: ID!
  "What it is for."
  name: String!
  "What its holder may do in the project."
  role: Role!
  "Id of the viewer who made it."
  createdBy: String!
  "When it was made."
  createdAt: DateTime!
  "It is refused after this; null for a key that is good until it is revoked."
  expiresAt: DateTime
}

"The API keys, or why they are not shown."
union ApiKeysResult = ApiKeyList | Forbidden | NotFound

"The API keys of a project."
type ApiKeyList {
  "Newest first; at most 100, which is as many as a project may have."
  keys: [ApiKey!]!
}

"An API key to make."
input CreateApiKeyInput {
  "The viewer's default project where it is null."
  project: ID
  "What it is for, at most 200 characters."
  name: String!
  "What its holder may do in the project."
  role: Role!
  "It is refused after this. Null: it is good until it is revoked."
  expiresAt: DateTime
}

"What became of the wish for a key."
union CreateApiKeyResult = CreateApiKeySuccess | ValidationFailed | Forbidden | NotFound

"The key is good from now on."
type CreateApiKeySuccess {
  "The key."
  key: ApiKey!
  "\`gw_<id>_<secret>\`, to be sent as \`Authorization: Bearer …\`. It is told this once and kept nowhere."
  token: String!
}

"What became of the wish to end a key."
union RevokeApiKeyResult = RevokeApiKeySuccess | Forbidden | NotFound

"The key is gone."
type RevokeApiKeySuccess {
  "Id it had."
  id: ID!
}

"A person's place in a project."
input SetMemberInput {
  "The viewer's default project where it is null."
  project: ID
  "Id of the person, as \`viewer { id }\` shows it to them."
  user: ID!
  "What they may do there from now on. Null takes them out."
  role: Role
}

"What became of the change."
union SetMemberResult = SetMemberSuccess | ValidationFailed | Forbidden | NotFound

"The person has the role."
type SetMemberSuccess {
  "Id of the person."
  user: ID!
  "What they may do there; null where they are out."
  role: Role
}

"What opens one WebSocket."
type SocketTicket {
  "Connect to the URL of the API with \`?ticket=\` and this."
  ticket: String!
  "It is refused after this."
  expiresAt: DateTime!
}

"What became of the wish to stop."
union StopRunResult = StopRunSuccess | Forbidden | NotFound

"The run stops, or had ended already."
type StopRunSuccess {
  "The run as it is now."
  run: Run!
}

"What a training would be."
union PlanTrainingResult = TrainingPlan | ValidationFailed | NotFound

"A training that could be launched as it stands."
type TrainingPlan {
  "The spec with every default filled in."
  spec: TrainingSpec!
  "What is allowed but probably not meant."
  warnings: [ValidationIssue!]!
  "Time and cost where the spec says it is to run; null where nothing comparable was ever run and no operations can be counted for the machine."
  estimate: Estimate
  "Machines it could run on with their prices, that of the spec first; empty where there are none to choose from."
  offers: [Offer!]!
  "The whole resolved spec as JSON."
  specJson: String!
}

"What an estimate rests on."
enum EstimateBasis {
  "Earlier runs of the same spec."
  MEASURED_SAME_SPEC
  "Earlier runs of similar specs."
  MEASURED_SIMILAR
  "The number of operations alone."
  MODEL
}

"A number that is not known exactly."
type Spread {
  "Nine in ten are above."
  low: Float!
  "The most likely."
  expected: Float!
  "Nine in ten are below."
  high: Float!
}

"How long a training takes and what it costs."
type Estimate {
  "Seconds of computing, over all attempts."
  seconds: Spread!
  "US dollars, the start of one container included; null where there is no price. What spot losses repeat is not in it."
  costUsd: Spread
  "What the numbers rest on."
  basis: EstimateBasis!
}

"A machine to rent."
type Offer {
  "Name of the instance type."
  instanceType: String!
  "Cheaper, and may be taken away at any time; the run continues elsewhere."
  spot: Boolean!
  "US dollars an hour."
  usdPerHour: Float!
  "Date of the price."
  pricedAt: DateTime!
  "Time and cost of the training on this machine."
  estimate: Estimate
}

"The resolved spec, typed: what a list, a diff or a form needs. It has the fields of TrainingInput, all filled in."
type TrainingSpec {
  "The preset it began from."
  preset: ID
  "The data set, pinned by its digest."
  dataset: Dataset!
  "The checkpoint it begins with; null where it begins with weights of its own."
  startFrom: PinnedCheckpoint
  "Seed of every random number of the run."
  seed: Int!
  "Length in thousands of real images shown."
  kimg: Float!
  "Images per step."
  batchSize: Int!
  "Parts of a batch that a step computes one after the other."
  microBatches: Int!
  "Whether the generator learns from the images that the discriminator has just learned from."
  reuseFakes: Boolean!
  "Length in steps."
  steps: Step!
  "The networks."
  model: ModelSpec!
  "The loss."
  loss: LossSpec!
  "What the discriminator pays for being steep."
  regularizer: RegularizerSpec!
  "The moving average of the generator's weights, which sheets and exports show; null where there is none."
  ema: EmaSpec
  "What learning rates, β₂ and γ become in the course of the training."
  schedule: ScheduleSpec!
  "The optimizers."
  optimizers: OptimizersSpec!
  "How often the run is recorded."
  snapshots: SnapshotsSpec!
  "What it needs of a machine."
  resources: ResourcesSpec!
  "When it stops early."
  limits: LimitsSpec!
}

"A checkpoint that a spec names, as it was then."
type PinnedCheckpoint {
  "Id of the checkpoint; node(id:) finds it as long as it is there."
  checkpoint: ID!
  "The run that wrote it; null where that is gone or the viewer may not see it."
  run: Run
  "Step it was written at."
  step: Step!
  "SHA-256 of its manifest, which names that of every file."
  digest: String!
}

"The networks of a training."
type ModelSpec {
  "Kind of both networks."
  architecture: Architecture!
  "Length of the random vector that an image is made from."
  latentSize: Int!
  "DCGAN: channels of the generator's stages; null for other kinds."
  generatorChannels: [Int!]
  "DCGAN: channels of the discriminator's convolutions; null for other kinds."
  discriminatorChannels: [Int!]
  "DCGAN: width and height of the convolution kernels; null for other kinds."
  kernelSize: Int
  "MLP: widths of the generator's hidden layers; null for other kinds."
  generatorWidths: [Int!]
  "MLP: widths of the discriminator's hidden layers; null for other kinds."
  discriminatorWidths: [Int!]
  "Rate at which the discriminator's activations are dropped; 0: none."
  dropout: Float!
  "R3GAN: multiplies the channels of every stage of both networks; null for other kinds."
  capacity: Float
  "Whether both networks are told the class of each image."
  conditional: Boolean!
}

"The loss of a training."
type LossSpec {
  "Which loss on the discriminator's logits."
  kind: LossKind!
  "The probability that the discriminator is to give real images; 1 for losses without probabilities."
  realTarget: Float!
}

"What the discriminator of a training pays for being steep."
type RegularizerSpec {
  "What is paid for."
  kind: RegularizerKind!
  "Its weight; 0 for NONE."
  gamma: Float!
  "Share of each batch that it looks at."
  fraction: Float!
}

"The moving average of the generator's weights."
type EmaSpec {
  "Images after which a weight counts half, in thousands."
  halfLifeKimg: Float!
  "The half-life is never more than this share of the images shown so far."
  rampUp: Float!
}

"What values of a training become; null where one stays what it is."
type ScheduleSpec {
  "How values get to the final ones."
  kind: ScheduleKind!
  "Share of the images after which the final values hold; null for other kinds than STEP."
  at: Float
  "Final learning rate of both optimizers."
  learningRate: Float
  "Final β₂ of both optimizers."
  beta2: Float
  "Final weight of the regularizer."
  gamma: Float
}

"The optimizers of a training."
type OptimizersSpec {
  "Adam of the generator."
  generator: AdamSpec!
  "Adam of the discriminator."
  discriminator: AdamSpec!
}

"One Adam optimizer (Kingma and Ba 2015)."
type AdamSpec {
  "Step size α."
  learningRate: Float!
  "Decay of the mean of gradients."
  beta1: Float!
  "Decay of the mean of squared gradients."
  beta2: Float!
  "Added to the root of the second moment."
  epsilon: Float!
}

"How often a training is recorded."
type SnapshotsSpec {
  "Steps from one metric row to the next."
  tickSteps: Int!
  "Steps from one sample sheet to the next."
  sampleSteps: Int!
  "Steps from one checkpoint to the next."
  checkpointSteps: Int!
  "An extra sheet when so many seconds passed without one."
  sampleSeconds: Float!
  "An extra checkpoint when so many seconds passed without one."
  checkpointSeconds: Float!
  "Images in a row of a sheet."
  columns: Int!
  "Rows of a sheet."
  rows: Int!
}

"What a training needs of a machine."
type ResourcesSpec {
  "CPU threads of the computation."
  threads: Int!
  "GPUs of the container."
  gpus: Int!
  "Memory of the container in MiB."
  memoryMb: Int!
  "Type of the rented machine; null where it is a slot of the queue."
  instanceType: String
  "Whether that may be taken away at any time."
  spot: Boolean
  "What products are computed in."
  precision: Precision!
}

"When a training stops early, as it was launched; updateRun may have changed it since. Null: no limit."
type LimitsSpec {
  "Seconds of computing over all attempts of all launches."
  maxRuntime: Int
  "US dollars over all containers of all launches."
  maxCostUsd: Float
  "Seconds that it may wait for a machine, each time it waits."
  maxQueueTime: Int
}

"What a run does."
enum TaskKind {
  "Trains a GAN."
  TRAIN
  "Makes a data set from uploaded files."
  IMPORT
  "Makes files of the generator in a checkpoint."
  EXPORT
}

"Where a run is in its life."
enum RunPhase {
  "Recorded, and waiting for a free machine."
  QUEUED
  "A machine was found; container and data set are being prepared."
  STARTING
  "Computing."
  RUNNING
  "Asked to stop; writing a last checkpoint."
  STOPPING
  "Ended with everything done."
  SUCCEEDED
  "Ended before it was done; \`reason\` says why."
  FAILED
  "Ended on request or at a limit, through a checkpoint; resumeRun continues it."
  STOPPED
}

"One training or other task that a user launched."
type Run implements Node {
  "Id of the run; newer runs have smaller ids."
  id: ID!
  "What the run does."
  task: TaskKind!
  "The project it belongs to."
  project: Project!
  "Id of the user who launched it."
  createdBy: String!
  "Words to find it by."
  labels: [String!]!
  "Free text about it."
  notes: String
  "Pinned runs are kept by every clean-up."
  pinned: Boolean!
  "What it trains; null for tasks that are not a training."
  spec: TrainingSpec
  "The data set it reads or makes; null while that does not exist."
  dataset: Dataset
  "Journal position this answer reflects: pass it as runEvents(after:) and nothing falls between."
  head: String!
  "Every phase the run went through, in order."
  phases: [PhaseSpan!]!
  "What it has cost."
  cost: Cost!
  "The newest sample sheet."
  latestSample: SampleSheet
  "The newest checkpoint: where a resume would continue."
  latestCheckpoint: Checkpoint
  "What the trainer printed, oldest first, over all attempts."
  log("Most lines to return, 0 to 1000." first: Int = 200, "\`cursor\` of the page before." after: String): LogPage!
  "Its name for people."
  name: String
  "Where it is in its life."
  phase: RunPhase!
  "Why the run is where it is: what it waits for, why it failed. Null when all is well."
  reason: Reason
  "When it was launched."
  createdAt: DateTime!
  "When it first began to compute."
  startedAt: DateTime
  "When it ended; null while it has not."
  endedAt: DateTime
  "Steps done."
  step: Step!
  "Thousands of real images shown."
  kimg: Float!
  "How much of it is done, from 0 to 1."
  progress: Float!
  "Every attempt, oldest first."
  attempts: [Attempt!]!
  "The whole resolved spec as JSON."
  specJson: String!
  "Latest value of every metric, by name."
  summary: [MetricValue!]!
  "Series of metrics, at most \`buckets\` points each; extremes are exact and the answer is the same every time."
  metrics(
    "Only these metrics; all of them where it is null."
    names: [String!]
    "First step; the start where it is null."
    from: Step
    "Last step; the newest where it is null."
    to: Step
    "Most points in a series, 1 to 2000. Buckets are the smallest power of two of steps that fits."
    buckets: Int = 500
  ): [MetricSeries!]!
  "Sample sheets by step. \`every\` keeps one sheet per that many steps: how a slider over 10,000 of them is read."
  samples(
    "Length of the page, 0 to 100."
    first: Int = 20
    "\`endCursor\` of the page before."
    after: String
    "First step; the start where it is null."
    from: Step
    "Last step; the newest where it is null."
    to: Step
    "Only sheets of these fixed latents."
    set: String
    "Keep only the first sheet of every so many steps, at least 1."
    every: Step
    "Which end to begin from."
    order: StepOrder = NEWEST_FIRST
  ): SampleSheetConnection!
  "Checkpoints by step."
  checkpoints(
    "Length of the page, 0 to 100."
    first: Int = 20
    "\`endCursor\` of the page before."
    after: String
    "Which end to begin from."
    order: StepOrder = NEWEST_FIRST
  ): CheckpointConnection!
  "What a task has made: all of it, or nothing yet. A training has sheets and checkpoints instead."
  files: [RunFile!]!
  "The journal, for clients that poll; the cursors are those of runEvents."
  events(
    "Most events to return, 0 to 1000."
    first: Int = 100
    "Cursor of the last event or batch received."
    after: String
    "Return events of steps that a later attempt has computed again, too."
    includeSuperseded: Boolean = false
  ): RunEventBatch!
}

"A file that a task has made."
type RunFile {
  "Path among the files of the run, for example \`tfjs/model.json\`."
  name: String!
  "Size."
  bytes: Long!
  "SHA-256 of the file."
  sha256: String!
  "The file; valid until expiresAt."
  url: String!
  "When the URL stops working; then ask for \`files\` again."
  expiresAt: DateTime!
}

"Why something is as it is."
type Reason {
  "One of the codes listed in graph/run/reasons.ts."
  code: String!
  "The same for people, and what to do."
  message: String!
}

"Which end of a run comes first."
enum StepOrder {
  "By falling step."
  NEWEST_FIRST
  "By rising step."
  OLDEST_FIRST
}

"A time that a run spent in one phase."
type PhaseSpan {
  "The phase."
  phase: RunPhase!
  "Why the run was in it."
  reason: Reason
  "When it began."
  startedAt: DateTime!
  "When it ended; null for the present one."
  endedAt: DateTime
}

"Container time times the dated price of its share of the instance; an estimate, not the invoice."
type Cost {
  "US dollars so far: until the last word of a run that goes on, with what lost containers took."
  usd: Float!
  "US dollars an hour while it runs; null where it does not or has no price."
  usdPerHour: Float
  "US dollars it may cost at most; null where there is no cap."
  capUsd: Float
}

"A stretch of the log."
type LogPage {
  "The lines, oldest first."
  lines: [LogLine!]!
  "Pass as \`after\` to go on from here."
  cursor: String!
  "True where more lines are there already."
  hasMore: Boolean!
}

"One line of the log."
type LogLine {
  "When it was printed."
  at: DateTime!
  "The attempt that printed it."
  attempt: Int!
  "The line without its end."
  text: String!
}

"One lineage of training steps: a start of the container, or a guard's rewind."
type Attempt {
  "Counts from 1 over the whole run."
  number: Int!
  "The submission to the queue it belongs to, counted from 1."
  launch: Int!
  "When it began."
  startedAt: DateTime!
  "When it ended; null while it has not."
  endedAt: DateTime
  "Step of the checkpoint it continued from; null where it started afresh."
  resumedFromStep: Step
  "Exit code of the container."
  exitCode: Int
  "Why it ended: OUT_OF_MEMORY, HOST_LOST, …; null while it runs and when it did all there was to do."
  endReason: Reason
  "US dollars: the time of its container, at the price of its launch."
  costUsd: Float!
  "Version of Ganway in the container."
  trainerVersion: String!
  "Machine it ran on."
  host: String
  "What computed: a GPU's name, or the processor's."
  device: String
  "True where the attempt computes bit for bit what an undisturbed run would."
  exact: Boolean!
  "What differs from the attempt before where it is not exact: executor, library, device, threads, …"
  differs: [String!]!
}

"A number that JSON cannot hold."
enum NonFinite {
  "Not a number."
  NAN
  "Above every number."
  POSITIVE_INFINITY
  "Below every number."
  NEGATIVE_INFINITY
}

"One value of one metric."
type MetricValue {
  "Name of the metric, for example \`loss/generator\`. Names that begin with \`rate/\` depend on the machine."
  name: String!
  "Step it was measured at."
  step: Step!
  "Null where the number is not finite; then nonFinite says which."
  value: Float
  "Which number it is where it is not finite."
  nonFinite: NonFinite
  "When it was measured."
  at: DateTime!
}

"One metric over the steps."
type MetricSeries {
  "Name of the metric."
  name: String!
  "By rising step; buckets without any value are left out."
  points: [MetricBucket!]!
}

"Steps [start, start + width); \`step\` is the step of \`last\`."
type MetricBucket {
  "First step of the bucket, a multiple of its width."
  start: Step!
  "Steps in the bucket, a power of two."
  width: Step!
  "Step of the last value in it."
  step: Step!
  "The last finite value; null where there is none."
  last: Float
  "The smallest finite value; null where there is none."
  min: Float
  "The greatest finite value; null where there is none."
  max: Float
  "Mean of the finite values; null where there are none."
  mean: Float
  "How many finite values."
  count: Int!
  "How many were NaN or infinite; they are in no statistic."
  nonFinite: Int!
}

"Why a sheet or checkpoint was written."
enum Trigger {
  "The spec has one at this step: every equal run has it."
  SCHEDULE
  "Time had passed; extra."
  CLOCK
  "The run was asked to stop; extra."
  SIGNAL
}

"One lossless PNG grid of images made from fixed latents at a step."
type SampleSheet implements Node {
  "Fetch it again by node(id:) when its URL has expired."
  id: ID!
  "Which images: \`ema\` is of the generator's averaged weights, \`raw\` of the weights themselves."
  set: String!
  "SHA-256 of the file."
  sha256: String!
  "Step it was made at."
  step: Step!
  "Thousands of real images shown by then."
  kimg: Float!
  "Attempt that made it."
  attempt: Int!
  "Why it was made."
  trigger: Trigger!
  "When it was made."
  at: DateTime!
  "Lossless PNG; valid until expiresAt."
  url: String!
  "When the URL stops working."
  expiresAt: DateTime!
  "Width of the file in pixels."
  width: Int!
  "Height of the file in pixels."
  height: Int!
  "Images in a row."
  columns: Int!
  "Rows."
  rows: Int!
}

"Everything needed to continue a training bit for bit."
type Checkpoint implements Node {
  "Id of the checkpoint."
  id: ID!
  "Id of the run that wrote it."
  runId: ID!
  "Step it continues from."
  step: Step!
  "Thousands of real images shown by then."
  kimg: Float!
  "Attempt that wrote it."
  attempt: Int!
  "Why it was written."
  trigger: Trigger!
  "Size of all its files."
  bytes: Long!
  "When it was complete."
  sealedAt: DateTime!
  "Pinned checkpoints are never cleaned up."
  pinned: Boolean!
  "When it may be cleaned up; null while kept for good."
  deletedAfter: DateTime
}

"Events of a run, in order and without gap."
type RunEventBatch {
  """
  The cursor this batch continues from. Equal to yours: apply. Older: you have it already. Newer: subscribe again after
  yours.
  """
  since: String!
  "Pass as \`after\` to go on from here."
  cursor: String!
  "The events after \`since\`, up to and with \`cursor\`."
  events: [RunEvent!]!
  "True where more events are there already."
  hasMore: Boolean!
  "The run once these events had happened, or later. In a subscription: only scalars, \`reason\` and \`summary\`."
  run: Run!
}

"All events implement it: the common fields, also of events a client does not know yet."
interface JournalEvent {
  "Place of the event in the journal."
  cursor: String!
  "When it happened."
  at: DateTime!
  "The attempt that said it; null for what the queue or a user did."
  attemptNumber: Int
}

"What can happen in a run."
union RunEvent = MetricsLogged | SampleAdded | CheckpointSealed | PhaseChanged | AttemptStarted | GuardTripped

"A row of metrics."
type MetricsLogged implements JournalEvent {
  "Place of the event in the journal."
  cursor: String!
  "The attempt that measured them."
  attemptNumber: Int
  "Step they belong to."
  step: Step!
  "Thousands of real images shown by then."
  kimg: Float!
  "When they were measured."
  at: DateTime!
  "The values, by name."
  values: [MetricValue!]!
}

"A new sample sheet."
type SampleAdded implements JournalEvent {
  "Place of the event in the journal."
  cursor: String!
  "The attempt that made it."
  attemptNumber: Int
  "The sheet."
  sheet: SampleSheet!
  "When it was made."
  at: DateTime!
}

"A new checkpoint: from now on a resume continues here."
type CheckpointSealed implements JournalEvent {
  "Place of the event in the journal."
  cursor: String!
  "The attempt that wrote it."
  attemptNumber: Int
  "The checkpoint."
  checkpoint: Checkpoint!
  "When it was complete."
  at: DateTime!
}

"The run is in another phase."
type PhaseChanged implements JournalEvent {
  "Place of the event in the journal."
  cursor: String!
  "The attempt that began to compute, or asked for the next; null for every other change."
  attemptNumber: Int
  "The new phase."
  phase: RunPhase!
  "Why, as far as it was known then; \`reason\` of the run is as of now."
  reason: Reason
  "When it changed."
  at: DateTime!
}

"A new attempt. Where it resumed from step s, drop what you hold past s; where it started afresh, drop everything."
type AttemptStarted implements JournalEvent {
  "Place of the event in the journal."
  cursor: String!
  "Number of the new attempt."
  attemptNumber: Int
  "The new attempt."
  attempt: Attempt!
  "When it began."
  at: DateTime!
}

"A rule that watches for divergence has acted."
type GuardTripped implements JournalEvent {
  "Place of the event in the journal."
  cursor: String!
  "The attempt it watched."
  attemptNumber: Int
  "Name of the rule."
  guard: String!
  "What it did."
  action: String!
  "What it saw, for people."
  message: String!
  "Step it acted at."
  step: Step!
  "When it acted."
  at: DateTime!
}

"A page of runs."
type RunConnection {
  "The runs with their cursors."
  edges: [RunEdge!]!
  "How to go on."
  pageInfo: PageInfo!
}

"A run in a page."
type RunEdge {
  "Pass as \`after\` to go on behind it."
  cursor: String!
  "The run."
  node: Run!
}

"A page of sample sheets."
type SampleSheetConnection {
  "The sheets with their cursors."
  edges: [SampleSheetEdge!]!
  "How to go on."
  pageInfo: PageInfo!
}

"A sample sheet in a page."
type SampleSheetEdge {
  "Pass as \`after\` to go on behind it."
  cursor: String!
  "The sheet."
  node: SampleSheet!
}

"A page of checkpoints."
type CheckpointConnection {
  "The checkpoints with their cursors."
  edges: [CheckpointEdge!]!
  "How to go on."
  pageInfo: PageInfo!
}

"A checkpoint in a page."
type CheckpointEdge {
  "Pass as \`after\` to go on behind it."
  cursor: String!
  "The checkpoint."
  node: Checkpoint!
}

"A page of data sets."
type DatasetConnection {
  "The data sets with their cursors."
  edges: [DatasetEdge!]!
  "How to go on."
  pageInfo: PageInfo!
}

"A data set in a page."
type DatasetEdge {
  "Pass as \`after\` to go on behind it."
  cursor: String!
  "The data set."
  node: Dataset!
}

"Where a page stands in the whole list."
type PageInfo {
  "True where a next page has something."
  hasNextPage: Boolean!
  "True where something lies before this page."
  hasPreviousPage: Boolean!
  "Cursor of the first item; null in an empty page."
  startCursor: String
  "Cursor of the last item, to be passed as \`after\`; null in an empty page."
  endCursor: String
}

"Conditions on runs; a run must pass all that are given."
input RunFilter {
  "In one of these phases."
  phases: [RunPhase!]
  "Of one of these tasks."
  tasks: [TaskKind!]
  "With this text in the name, whatever the case."
  nameContains: String
  "With all of these labels."
  labels: [String!]
  "Trained on, or making, this data set."
  dataset: ID
  "Begun from this preset."
  preset: ID
}

"A named spec to start a training from."
type Preset {
  "Pass as \`preset\` of a training."
  id: ID!
  "Name for people."
  title: String!
  "What it is good for and where it comes from."
  description: String!
  "What it sets, as JSON."
  specJson: String!
}

"Images to train on, all of one size."
type Dataset implements Node {
  "Id of the data set; built-in ones have readable ids such as \`digits\`."
  id: ID!
  "Hash of the manifest; a spec pins it."
  digest: String!
  "Name for people."
  name: String!
  "Number of images."
  images: Int!
  "Width of every image in pixels."
  width: Int!
  "Height of every image in pixels."
  height: Int!
  "1 for gray, 3 for colour."
  channels: Int!
  "Names of the classes; empty where the images have no labels."
  classes: [String!]!
  "Size in storage."
  bytes: Long!
  "What it was made from, for example \`zip\` or \`idx\`; null where that is not recorded."
  source: String
  "Files that were left out and why, the first 1000."
  skipped: [SkippedFile!]!
  "How many files were left out in all."
  skippedTotal: Int!
}

"A file that an import left out."
type SkippedFile {
  "Its name."
  name: String!
  "Why it could not be used."
  reason: String!
}

"What this server is."
type ServerInfo {
  "Version of Ganway."
  version: String!
  "What it can do beyond the core."
  features: [Feature!]!
  "How large an operation may be."
  limits: OperationLimits!
}

"How large an operation may be, counted after its fragments are expanded."
type OperationLimits {
  "Levels of fields."
  depth: Int!
  "Aliases in the operation."
  aliases: Int!
  "Fields at the root."
  rootFields: Int!
  "Objects, and scalars by half, each counted as often as the lists around it may repeat it; a list without \`first\` counts as 5."
  cost: Int!
  "Directives in the operation."
  directives: Int!
  "Tokens of the text."
  tokens: Int!
}

"A part of the server that may be there or not."
type Feature {
  "Name of the part."
  name: String!
  "Whether it is there."
  enabled: Boolean!
}
`;

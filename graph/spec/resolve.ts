/** From what a user said to what will be run: defaults, bounds, every problem with its path; touches no storage. */
import type { Ganway, Settings } from '../ganway.ts';
import type { Machine } from '../money/machine.ts';
import { type FoundCheckpoint, unknownCheckpoint } from '../run/find-checkpoint.ts';
import { canonicalJson } from '../storage/json.ts';
import { resolveEma, resolveLoss, resolveRegularizer, resolveSchedule } from './craft.ts';
import type { AdamInput, TrainingInput } from './input.ts';
import { type Collector, collector, type Issue, nearest } from './issues.ts';
import { resolveLimits } from './limits.ts';
import { fitMicroBatches, resolveMicroBatches } from './micro-batches.ts';
import { fitModel, resolveModel } from './model.ts';
import { warnOfPrecision } from './precision.ts';
import { DEFAULT_PRESET, type Preset, presets } from './presets.ts';
import { fitPlaces, type Place, resolvePlaces } from './resources.ts';
import { resolveSnapshots } from './snapshots.ts';
import { type AdamSpec, classesOf, type PinnedDataset, type TrainSpec } from './spec.ts';
import { misfitsOf, misfitText } from './tensors.ts';

export type Resolved =
  | {
      readonly kind: 'resolved';
      readonly spec: TrainSpec;
      readonly warnings: readonly Issue[];
      /** All that it fits and that the input allows, the best first: that of the spec. */
      readonly places: readonly Place[];
    }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

/** Longest name of a run or data set, characters. */
export const NAME_LENGTH = 200;

export interface ResolveContext {
  /** Path of the training within the whole input. */
  readonly root: readonly string[];
  /** The data set the input names; null where there is none. */
  readonly dataset: PinnedDataset | null;
  /** The checkpoint the input starts from; null where there is none. */
  readonly source: FoundCheckpoint | null;
  /** Ids a misspelt data set is compared with. */
  readonly datasetIds: readonly string[];
  readonly settings: Pick<Settings, 'slot'>;
  /** What may be rented; empty where the queue has slots of one kind only. */
  readonly machines: readonly Machine[];
  /** Peak memory in MiB a trainer of a spec needs; null where it cannot be said. */
  readonly memoryMb: (spec: TrainSpec) => number | null;
  readonly learned: Ganway['learned'];
  readonly whyWholeBatch: Ganway['whyWholeBatch'];
}

/** The spec of an input, or every problem in it. */
export function resolveTraining(input: TrainingInput, context: ResolveContext): Resolved {
  const { dataset, settings, source } = context;
  const check = collector(context.root);
  const basis = findBasis(check, input.preset ?? null, source);
  // What networks of an unheard-of preset could be told is not known: only what it is not is said.
  const ofModel = basis.unheardOf ? collector(context.root) : check;
  if (dataset === null) {
    const near = nearest(input.dataset, context.datasetIds);
    const hint = near ? ` Did you mean "${near}"?` : '';
    check.add(['dataset'], 'UNKNOWN_DATASET', `There is no data set "${input.dataset}".${hint}`);
  }
  if (input.name && input.name.length > NAME_LENGTH) {
    check.add(['name'], 'TOO_LONG', `name must have at most ${NAME_LENGTH} characters; it has ${input.name.length}.`);
  }
  const seed = check.number(['seed'], input.seed, {
    fallback: basis.seed,
    min: -(2 ** 31),
    max: 2 ** 31 - 1,
    integer: true,
  });
  const kimg = check.number(['kimg'], input.kimg, { fallback: basis.kimg, min: 0, max: 1e6, above: true });
  const batchSize = check.number(['batchSize'], input.batchSize, {
    fallback: basis.batchSize,
    min: 2,
    max: 4096,
    integer: true,
  });
  const steps = Math.ceil((kimg * 1000) / batchSize);
  const model = resolveModel(ofModel, input.model ?? {}, basis.model, dataset);
  const microBatches = resolveMicroBatches(check, input.microBatches ?? basis.microBatches, batchSize);
  const optimizers = {
    generator: resolveAdam(check, ['optimizers', 'generator'], input.optimizers?.generator, basis.optimizers.generator),
    discriminator: resolveAdam(
      check,
      ['optimizers', 'discriminator'],
      input.optimizers?.discriminator,
      basis.optimizers.discriminator,
    ),
  };
  const loss = resolveLoss(check, input.loss ?? {}, basis.loss);
  const regularizer = resolveRegularizer(check, input.regularizer ?? {}, basis.regularizer);
  const ema = resolveEma(check, input.ema ?? {}, basis.ema);
  const schedule = resolveSchedule(check, input.schedule ?? {}, basis.schedule, regularizer);
  const snapshots = resolveSnapshots(check, input.snapshots ?? {}, {
    steps,
    pixels: dataset ? dataset.width * dataset.height : 1,
    classes: dataset ? classesOf({ model, dataset }) : 0,
  });
  const places = resolvePlaces(check, input.resources ?? {}, settings.slot, context.machines);
  const limits = resolveLimits(check, input.limits ?? {});
  if (input.startFrom && source === null) {
    const { checkpoint } = input.startFrom;
    check.add(['startFrom', 'checkpoint'], 'UNKNOWN_CHECKPOINT', unknownCheckpoint(checkpoint));
  }
  if (dataset) {
    fitDataset(check, dataset, batchSize);
    fitModel(ofModel, dataset, model);
  }
  const [place] = places;
  if (check.issues.length > 0 || dataset === null || !place) return { kind: 'invalid', issues: check.issues };
  const anywhere: TrainSpec = {
    v: 1,
    task: 'TRAIN',
    preset: basis.preset,
    dataset,
    startFrom: source?.pinned ?? null,
    seed,
    kimg,
    batchSize,
    microBatches,
    reuseFakes: input.reuseFakes ?? basis.reuseFakes,
    steps,
    model,
    loss,
    regularizer,
    ema,
    schedule,
    optimizers,
    snapshots,
    resources: place.resources,
    limits,
  };
  fitMicroBatches(check, anywhere, context.whyWholeBatch);
  if (source) fitCheckpoint(check, source, anywhere, context.learned);
  if (check.issues.length > 0) return { kind: 'invalid', issues: check.issues };
  const fitting = fitPlaces(check, places, context.memoryMb(anywhere));
  const [best] = fitting;
  if (!best) return { kind: 'invalid', issues: check.issues };
  const spec = { ...anywhere, resources: best.resources };
  return { kind: 'resolved', spec, places: fitting, warnings: warningsFor(context.root, spec) };
}

/** What holds where the input says nothing. */
type Basis = Pick<TrainSpec, 'preset' | 'microBatches' | 'reuseFakes' | 'seed'> &
  Omit<Preset, PresetWord> & {
    /** The input names a preset that is like none. */
    readonly unheardOf?: boolean;
  };
/** What a preset says of itself. */
type PresetWord = 'id' | 'title' | 'description';

/** The preset that the input names, else the training whose checkpoint it starts from, else the default preset. */
function findBasis(check: Collector, preset: string | null, source: FoundCheckpoint | null): Basis {
  if (preset === null && source) return source.spec;
  const { id, ...rest } = findPreset(check, preset ?? DEFAULT_PRESET);
  return { ...rest, preset: id, microBatches: 1, reuseFakes: false, seed: 0 };
}

function findPreset(check: Collector, id: string): Preset & Pick<Basis, 'unheardOf'> {
  const found = presets.find((preset) => preset.id === id);
  if (found) return found;
  const ids = presets.map((preset) => preset.id);
  const near = nearest(id, ids);
  // The rest of the input is judged by what was probably meant.
  const fallback = presets.find((preset) => preset.id === (near ?? DEFAULT_PRESET)) ?? (presets[0] as Preset);
  const hint = near ? ` Did you mean "${near}"?` : ` There are: ${ids.join(', ')}.`;
  check.add(['preset'], 'UNKNOWN_PRESET', `There is no preset "${id}".${hint}`);
  return { ...fallback, unheardOf: near === null };
}

function resolveAdam(
  check: Collector,
  path: readonly string[],
  input: AdamInput | null | undefined,
  preset: AdamSpec,
): AdamSpec {
  const { learningRate, beta1, beta2, epsilon } = input ?? {};
  return {
    learningRate: check.number([...path, 'learningRate'], learningRate, {
      fallback: preset.learningRate,
      min: 0,
      max: 1,
      above: true,
    }),
    beta1: check.number([...path, 'beta1'], beta1, { fallback: preset.beta1, min: 0, max: 1, below: true }),
    beta2: check.number([...path, 'beta2'], beta2, { fallback: preset.beta2, min: 0, max: 1, below: true }),
    epsilon: check.number([...path, 'epsilon'], epsilon, { fallback: preset.epsilon, min: 0, max: 1, above: true }),
  };
}

/** Problems that only show beside the data. */
function fitDataset(check: Collector, dataset: PinnedDataset, batchSize: number): void {
  if (batchSize <= dataset.images) return;
  check.add(
    ['batchSize'],
    'DOES_NOT_FIT_DATASET',
    `A batch cannot be larger than its data set: "${dataset.id}" has ${dataset.images} images, batchSize is ${batchSize}.`,
  );
}

/** Everything learned must have its place, and everything to be learned its beginning. */
function fitCheckpoint(check: Collector, source: FoundCheckpoint, spec: TrainSpec, learned: Ganway['learned']): void {
  const misfits = misfitsOf(learned(source.spec), learned(spec));
  if (misfits.length === 0) return;
  const sizeOf = ({ dataset: { width, height, channels } }: TrainSpec) => `${width}×${height}×${channels}`;
  const [there, here] = [sizeOf(source.spec), sizeOf(spec)];
  if (there !== here) {
    const message = `The checkpoint learned from images of ${there}; those of "${spec.dataset.id}" are ${here}.`;
    check.add(['dataset'], 'DOES_NOT_FIT_CHECKPOINT', message);
  }
  if (canonicalJson(source.spec.model) !== canonicalJson(spec.model)) {
    const message = 'These are not the networks of the checkpoint. Leave preset and model out to take its own.';
    check.add(['model'], 'DOES_NOT_FIT_CHECKPOINT', message);
  }
  for (const misfit of misfits) {
    check.add(['startFrom', 'checkpoint'], 'DOES_NOT_FIT_CHECKPOINT', `${misfitText(misfit)}.`);
  }
}

function warningsFor(root: readonly string[], spec: TrainSpec): Issue[] {
  const warnings = collector(root);
  if (spec.dataset.images < 100) {
    warnings.add(
      ['dataset'],
      'DOES_NOT_FIT_DATASET',
      `"${spec.dataset.id}" has only ${spec.dataset.images} images: expect the generator to repeat them.`,
    );
  }
  if (spec.loss.kind === 'MINIMAX') {
    warnings.add(
      ['loss', 'kind'],
      'OUT_OF_RANGE',
      'The minimax loss saturates while the discriminator is ahead; NON_SATURATING learns more steadily.',
    );
  }
  warnOfPrecision(warnings, spec.resources);
  if (spec.loss.kind === 'WASSERSTEIN' && spec.regularizer.kind === 'NONE') {
    warnings.add(
      ['regularizer', 'kind'],
      'OUT_OF_RANGE',
      'Nothing holds a discriminator back that has the Wasserstein loss and no penalty; use GRADIENT_PENALTY.',
    );
  }
  const { generator, discriminator } = spec.optimizers;
  const rate = Math.min(generator.learningRate, discriminator.learningRate);
  if (spec.schedule.kind !== 'CONSTANT' && (spec.schedule.learningRate ?? 0) > rate) {
    warnings.add(
      ['schedule', 'learningRate'],
      'OUT_OF_RANGE',
      `The learning rate rises from ${rate} to ${spec.schedule.learningRate} in the course of the training.`,
    );
  }
  return warnings.issues;
}

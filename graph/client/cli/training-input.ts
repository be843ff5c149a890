/** What the words of `ganway train` mean: each is a place in a TrainingInput; knows no server, no default and no field's type. */

export type Fields = Readonly<Record<string, unknown>>;

/** One word of `--set`: a path into the input, and what is to stand there. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Where a flag's value goes. A later one has the last word. */
const PLACES = {
  preset: ['preset'],
  dataset: ['dataset'],
  name: ['name'],
  seed: ['seed'],
  kimg: ['kimg'],
  batchSize: ['batchSize'],
  microBatches: ['microBatches'],
  reuseFakes: ['reuseFakes'],
  loss: ['loss.kind'],
  lr: ['optimizers.generator.learningRate', 'optimizers.discriminator.learningRate'],
  lrGenerator: ['optimizers.generator.learningRate'],
  lrDiscriminator: ['optimizers.discriminator.learningRate'],
  maxRuntime: ['limits.maxRuntime'],
  maxCost: ['limits.maxCostUsd'],
  maxQueueTime: ['limits.maxQueueTime'],
  instanceType: ['resources.instanceType'],
} as const satisfies Record<string, readonly string[]>;

export type TrainingFlags = { readonly [flag in keyof typeof PLACES]?: unknown };

/** The input that flags and settings make of `spec`: flags stand over it, and settings over flags. */
export function trainingInput(spec: Fields, flags: TrainingFlags, settings: readonly Setting[]): Fields {
  const named = Object.entries(PLACES).flatMap(([flag, places]) => {
    const value = flags[flag as keyof TrainingFlags];
    return value === undefined ? [] : places.map((place) => ({ path: place.split('.'), value }));
  });
  return [...named, ...settings].reduce((input, { path, value }) => withValue(input, path, value), spec);
}

/** Reads `PATH=VALUE`, the value as JSON or else as the text it is; null where it is no such thing. */
export function parseSetting(text: string): Setting | null {
  const [, path, value] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(text) ?? [];
  return path === undefined || value === undefined ? null : { path: path.split('.'), value: jsonOr(value) };
}

function withValue(fields: Fields, [name = '', ...rest]: readonly string[], value: unknown): Fields {
  const inner = fields[name];
  return { ...fields, [name]: rest.length === 0 ? value : withValue(isFields(inner) ? inner : {}, rest, value) };
}

export function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

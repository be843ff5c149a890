/** The networks of a training, from an input and beside its data; knows no other part of a spec. */
import type { TrainingInput } from './input.ts';
import type { Collector } from './issues.ts';
import type { ModelSpec, PinnedDataset } from './spec.ts';

/** Four channels beside the image: less is no network. */
const LEAST_CAPACITY = 1 / 16;

/** Most pixels of a side of the smallest image that R3GAN begins and ends with; there are more than half as many. */
const BASE_SIDE = 8;

/**
 * How often R3GAN halves the sides of an image until both have 5 to 8 pixels, as 28 → 14 → 7; null where they cannot be,
 * or need not.
 */
export function halvingsOf({ width, height }: { readonly width: number; readonly height: number }): number | null {
  const [times, of] = [width, height].map((side) => Math.ceil(Math.log2(side / BASE_SIDE)));
  if (times === undefined || times !== of || times < 1) return null;
  return width % 2 ** times === 0 && height % 2 ** times === 0 ? times : null;
}

/** The networks of an input, of the kind that the preset has; every problem with them is reported. */
export function resolveModel(
  check: Collector,
  input: NonNullable<TrainingInput['model']>,
  preset: ModelSpec,
  dataset: PinnedDataset | null,
): ModelSpec {
  const widths = (name: string, value: readonly number[] | null | undefined, fallback: readonly number[], max = 8) => {
    if (value == null) return [...fallback];
    if (value.length < 1 || value.length > max) {
      check.add(['model', name], 'OUT_OF_RANGE', `${name} must list 1 to ${max} layers; it lists ${value.length}.`);
      return [...fallback];
    }
    return value.map((width, index) =>
      check.number(['model', name, String(index)], width, { fallback: 1, min: 1, max: 8192, integer: true }),
    );
  };
  const foreign = (names: readonly (keyof typeof input)[]) => {
    for (const name of names) {
      if (input[name] == null) continue;
      const message = `${name} means nothing to the ${preset.architecture} architecture; leave it out.`;
      check.add(['model', name], 'DOES_NOT_FIT_MODEL', message);
    }
  };
  const latentSize = check.number(['model', 'latentSize'], input.latentSize, {
    fallback: preset.latentSize,
    min: 1,
    max: 4096,
    integer: true,
  });
  const dropoutOf = (fallback: number) =>
    check.number(['model', 'dropout'], input.dropout, { fallback, min: 0, max: 1, below: true });
  switch (preset.architecture) {
    case 'DCGAN': {
      const dropout = dropoutOf(preset.dropout);
      foreign(['generatorWidths', 'discriminatorWidths', 'capacity', 'conditional']);
      return {
        architecture: 'DCGAN',
        latentSize,
        generatorChannels: widths('generatorChannels', input.generatorChannels, preset.generatorChannels, 6),
        discriminatorChannels: widths(
          'discriminatorChannels',
          input.discriminatorChannels,
          preset.discriminatorChannels,
          6,
        ),
        dropout,
        kernelSize: check.number(['model', 'kernelSize'], input.kernelSize, {
          fallback: preset.kernelSize,
          min: 2,
          max: 9,
          integer: true,
        }),
      };
    }
    case 'MLP': {
      const dropout = dropoutOf(preset.dropout);
      foreign(['generatorChannels', 'discriminatorChannels', 'kernelSize', 'capacity', 'conditional']);
      return {
        architecture: 'MLP',
        latentSize,
        generatorWidths: widths('generatorWidths', input.generatorWidths, preset.generatorWidths),
        discriminatorWidths: widths('discriminatorWidths', input.discriminatorWidths, preset.discriminatorWidths),
        dropout,
      };
    }
    case 'R3GAN':
      foreign([
        ...(['generatorChannels', 'discriminatorChannels', 'kernelSize', 'dropout'] as const),
        ...(['generatorWidths', 'discriminatorWidths'] as const),
      ]);
      return {
        architecture: 'R3GAN',
        latentSize,
        capacity: check.number(['model', 'capacity'], input.capacity, {
          fallback: preset.capacity,
          min: LEAST_CAPACITY,
          max: 8,
        }),
        conditional: input.conditional ?? (preset.conditional && dataset !== null && dataset.classes.length > 0),
      };
    default: {
      const unhandled: never = preset;
      return unhandled;
    }
  }
}

/** Problems of networks that only show beside the data. */
export function fitModel(check: Collector, dataset: PinnedDataset, model: ModelSpec): void {
  const size = `${dataset.width}×${dataset.height}`;
  switch (model.architecture) {
    case 'DCGAN': {
      const side = Math.min(dataset.width, dataset.height);
      for (const name of ['generatorChannels', 'discriminatorChannels'] as const) {
        const halvings = model[name].length;
        if (side >= 2 ** halvings) continue;
        check.add(
          ['model', name],
          'DOES_NOT_FIT_DATASET',
          `Images of ${size} pixels cannot be halved ${halvings} times; list fewer channels.`,
        );
      }
      return;
    }
    case 'MLP':
      return;
    case 'R3GAN':
      if (halvingsOf(dataset) === null) {
        check.add(
          ['dataset'],
          'DOES_NOT_FIT_MODEL',
          `Images of ${size} pixels cannot be halved until they have 5 to 8 pixels a side, as this network needs. ` +
            'Sides of 28, 32 and 64 can; article-dcgan takes any.',
        );
      }
      if (model.conditional && dataset.classes.length === 0) {
        check.add(
          ['model', 'conditional'],
          'DOES_NOT_FIT_DATASET',
          `"${dataset.id}" has no labels to be conditional on; leave conditional out.`,
        );
      }
  }
}

/** A training's counts as a person reads them: a table a network, then the sums; counts nothing. */
import type { TrainSpec } from '../../graph/spec/spec.ts';
import type { PlayerCount, TrainingCount } from '../models/describe.ts';

export function formatDescription(spec: TrainSpec, count: TrainingCount): string {
  const { dataset, batchSize, preset } = spec;
  const { stepFlops, memory } = count;
  const images = `${dataset.width}×${dataset.height}×${dataset.channels}`;
  return [
    `${preset} on ${dataset.images.toLocaleString('en')} images of ${images}, batch ${batchSize}`,
    '',
    ...table('generator', count.generator),
    '',
    ...table('discriminator', count.discriminator),
    '',
    `one step      ${flopsText(stepFlops)}, ${flopsText(stepFlops / batchSize)} an image`,
    `checkpoint    ${megabytes(memory.state)}`,
    `peak memory   ${megabytes(memory.total)} of a trainer: state ${megabytes(memory.state)}, ` +
      `images ${megabytes(memory.data)}, activations ${megabytes(memory.activations)}, the rest is TensorFlow,\n              Node.js and copies for checkpoints`,
  ].join('\n');
}

type Row = readonly [name: string, shape: string, parameters: string, flops: string];

/** Names are shown without the player's, which is in the title. */
function table(player: string, { layers, parameters, flops }: PlayerCount): string[] {
  const rows: readonly Row[] = [
    [player, 'output', 'parameters', 'forward'],
    ...layers.map((layer): Row => {
      const name = layer.name.replace(`${player}/`, '  ');
      return [name, `[${layer.shape.join(', ')}]`, layer.parameters.toLocaleString('en'), flopsText(layer.flops)];
    }),
    ['  total', '', parameters.toLocaleString('en'), flopsText(flops)],
  ];
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [names, shapes, counts, costs] = [width(0), width(1), width(2), width(3)];
  return rows.map(([name, shape, count, cost]) =>
    [name.padEnd(names), shape.padEnd(shapes), count.padStart(counts), cost.padStart(costs)].join('  '),
  );
}

const UNITS = ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP'] as const;

/** `1.23 GFLOP`. */
function flopsText(flops: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, flops)) / 3));
  const digits = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 };
  return `${(flops / 1000 ** power).toLocaleString('en', digits)} ${UNITS[power]}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: bytes < 1e7 ? 1 : 0 })} MB`;
}

/** The generator of a spec as a program of its own: what is wanted of a training when it is over; knows no discriminator's use. */
import { classesOf, type TrainSpec } from '../../graph/spec/spec.ts';
import { clip, createGraph, feed, finish, type Graph, type Program, read, signature } from '../engine/program/index.ts';
import { buildGan } from './gan.ts';
import type { Values } from './layers/index.ts';
import type { Generator } from './network.ts';

export interface Generation {
  readonly count: number;
  readonly latentSize: number;
  /** How many the generator is told apart; 0: none. */
  readonly classes: number;
  /** Which weights make the images; those themselves by default. */
  readonly values?: Values;
}

/**
 * Adds a signature that makes `images` float32 `[count, height, width, channels]` in [-1, 1] of `z` float32
 * `[count, latentSize]` and, where there are classes, `labels` int32 `[count]`. Batch norm uses moving averages, so an
 * image depends on its own latent and label only.
 */
export function generates(
  graph: Graph,
  name: string,
  generator: Generator,
  { count, latentSize, classes, values = read }: Generation,
): void {
  signature(graph, name, () => {
    const z = feed(graph, 'z', 'float32', [count, latentSize]);
    const labels = classes > 0 ? feed(graph, 'labels', 'int32', [count]) : undefined;
    const images = generator.forward(z, values, { by: 'averages' }, labels);
    return { images: generator.bounded ? images : clip(images, -1, 1) };
  });
}

/** A program whose signature `generate` makes `count` images; its state has the names of the training's. */
export function buildGeneratorProgram(spec: Pick<TrainSpec, 'model' | 'dataset'>, count: number): Program {
  const { model, dataset } = spec;
  const graph = createGraph();
  const classes = classesOf(spec);
  const { generator } = buildGan(graph, model, [dataset.height, dataset.width, dataset.channels], classes);
  generates(graph, 'generate', generator, { count, latentSize: model.latentSize, classes });
  return finish(graph);
}

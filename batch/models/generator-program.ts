/** The generator of a spec as a program of its own: what is wanted of a training when it is over; knows no discriminator's use. */
import type { TrainSpec } from '../../graph/spec/spec.ts';
import { createGraph, feed, finish, type Graph, type Program, read, signature } from '../engine/program/index.ts';
import { buildGan } from './gan.ts';
import type { Generator } from './network.ts';

/**
 * Adds a signature that makes `images` float32 `[count, height, width, channels]` in [-1, 1] of `z` float32
 * `[count, latentSize]`. Batch norm uses moving averages, so an image depends on its own latent only.
 */
export function generates(graph: Graph, name: string, generator: Generator, latents: readonly [number, number]): void {
  signature(graph, name, () => ({
    images: generator.forward(feed(graph, 'z', 'float32', latents), read, { by: 'averages' }),
  }));
}

/** A program whose signature `generate` makes `count` images; its state has the names of the training's. */
export function buildGeneratorProgram(
  { model, dataset }: Pick<TrainSpec, 'model' | 'dataset'>,
  count: number,
): Program {
  const graph = createGraph();
  const { generator } = buildGan(graph, model, [dataset.height, dataset.width, dataset.channels]);
  generates(graph, 'generate', generator, [count, model.latentSize]);
  return finish(graph);
}

/** What a training is made of and what it costs, from its programs alone; runs nothing. */
import { classesOf, type TrainSpec } from '../../graph/spec/spec.ts';
import { countFlops, countParameters } from '../engine/program/count.ts';
import { createGraph, feed, finish, read, signature } from '../engine/program/index.ts';
import { type LayerCount, layersOf } from '../engine/program/layers.ts';
import { estimateMemory, type MemoryEstimate } from '../engine/program/memory.ts';
import type { Program } from '../engine/program/program.ts';
import { buildGan } from './gan.ts';
import { plannedProgram } from './planned.ts';

/** One network, passed through once by a batch. */
export interface PlayerCount {
  readonly layers: readonly LayerCount[];
  readonly parameters: number;
  /** Floating-point operations of the pass. */
  readonly flops: number;
}

export interface TrainingCount {
  readonly generator: PlayerCount;
  readonly discriminator: PlayerCount;
  /** Floating-point operations of one step: both updates. */
  readonly stepFlops: number;
  /** Bytes of a trainer process and of what is in it. */
  readonly memory: MemoryEstimate;
}

export function describeTraining(spec: TrainSpec): TrainingCount {
  const passes = forwardPasses(spec);
  const training = plannedProgram(spec);
  const player = (name: 'generator' | 'discriminator'): PlayerCount => ({
    layers: layersOf(passes, name),
    parameters: countParameters(training, `${name}/`),
    flops: countFlops(passes, name),
  });
  return {
    generator: player('generator'),
    discriminator: player('discriminator'),
    stepFlops: countFlops(training, 'train'),
    memory: estimateMemory(training),
  };
}

/** Both networks without losses and updates, as the signatures `generator` and `discriminator` of a batch each. */
function forwardPasses(spec: TrainSpec): Program {
  const { model, dataset, batchSize } = spec;
  const graph = createGraph();
  const { width, height, channels } = dataset;
  const classes = classesOf(spec);
  const gan = buildGan(graph, model, [height, width, channels], classes);
  const labels = () => (classes > 0 ? feed(graph, 'labels', 'int32', [batchSize]) : undefined);
  signature(graph, 'generator', () => {
    const z = feed(graph, 'z', 'float32', [batchSize, model.latentSize]);
    return { images: gan.generator.forward(z, read, { by: 'averages' }, labels()) };
  });
  signature(graph, 'discriminator', () => {
    const images = feed(graph, 'images', 'float32', [batchSize, height, width, channels]);
    return { logits: gan.discriminator.forward(images, read, (x) => x, labels()) };
  });
  return finish(graph);
}

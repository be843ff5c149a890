/** The labels of a data set within a program; knows no class and no network. */
import {
  cast,
  constant,
  type Graph,
  gather,
  multiply,
  read,
  type State,
  state,
  sum,
  type Tensor,
} from '../engine/program/index.ts';
import type { TrainingData } from './training-program.ts';

/** Declares `dataset/labels`: uint8 `[images, 2]`, each the two bytes of an uint16 as its file has them, low one first. */
export function declareLabels(graph: Graph, { shards }: TrainingData): State {
  const files = shards.map(({ labels, count }) => {
    if (!labels) throw new RangeError('a conditional training on a data set without labels');
    return { file: labels, count };
  });
  const images = files.reduce((sum, { count }) => sum + count, 0);
  return state(graph, 'dataset/labels', [images, 2], {
    dtype: 'uint8',
    role: 'data',
    init: { kind: 'images', shards: files },
  });
}

/** The labels int32 `[n]` of the images at `indices` int32 `[n]`. Floats have room for all of 16 bits. */
export function labelsAt(labels: State, indices: Tensor): Tensor {
  const bytes = cast(gather(read(labels), indices), 'float32');
  return cast(sum(multiply(bytes, constant(labels.graph, [1, 256], [1, 2])), [1]), 'int32');
}

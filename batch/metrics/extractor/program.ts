/** The classifier as a program: one step of its training, and what it makes of images; knows no executor and no loop. */
import {
  add,
  argMax,
  cast,
  createGraph,
  current,
  dropout,
  feed,
  finish,
  logSoftmax,
  mean,
  multiply,
  negate,
  oneHot,
  type Program,
  randomBytes,
  read,
  type State,
  scale,
  select,
  shift,
  signature,
  streamKey,
  subtract,
  sum,
  type Tensor,
  update,
} from '../../engine/program/index.ts';
import { initialise } from '../../engine/program/init.ts';
import type { ImageShape } from '../../models/network.ts';
import { adamMoments, adamRates, adamScalars, descend } from '../../optim/adam.ts';
import { objective } from '../../optim/objective.ts';
import { scalarVector } from '../../optim/scalars.ts';
import { classifierNetwork } from './network.ts';

/** Images of a step of the training. */
export const BATCH = 64;
/** Images of a call that extracts. */
export const CHUNK = 250;
/** What follows a schedule. */
export const SCALARS = scalarVector(adamScalars('classifier'));

const DROPOUT = 0.3;
/** Share of a step's batch statistics in batch norm's moving averages: PyTorch's momentum. */
const AVERAGE_RATE = 0.1;

/**
 * Signatures, whose images are grey levels of 0 to 255:
 * - `init`: no feeds.
 * - `train`: feeds `images` int32 `[64, h, w, c]`, `labels` int32 `[64]`, `key` int32 `[3]` = (seed, 0, step), `schedule`;
 *   fetches the float32 scalar `loss`.
 * - `extract`: feed `images` int32 `[250, h, w, c]`; fetches `features` float32 `[250, 128]` and `classes` int32 `[250]`.
 */
export function buildClassifierProgram(image: ImageShape, classes: number, seed: number): Program {
  const graph = createGraph();
  const network = classifierNetwork(graph, image, classes);
  const moments = adamMoments(network.weights);
  signature(graph, 'train', () => {
    const x = toSigned(feed(graph, 'images', 'int32', [BATCH, ...image]));
    const labels = feed(graph, 'labels', 'int32', [BATCH]);
    const key = feed(graph, 'key', 'int32', [3]);
    const observed: (readonly [State, Tensor])[] = [];
    const { logits } = network.forward(
      x,
      read,
      { by: 'batch', observe: (average, batch) => observed.push([average, batch]) },
      (x, layer) => dropout(x, DROPOUT, randomBytes(streamKey(key, `dropout/${layer}`), x.shape)),
    );
    const loss = negate(mean(sum(multiply(logSoftmax(logits), oneHot(labels, classes)), [1])));
    const { finite } = descend(objective(loss, network.weights), moments, adamRates(SCALARS.feed(graph), 'classifier'));
    for (const [average, batch] of observed) {
      const old = read(average);
      update(current(average), select(finite, add(old, scale(subtract(batch, old), AVERAGE_RATE)), old));
    }
    return { loss };
  });
  signature(graph, 'extract', () => {
    const x = toSigned(feed(graph, 'images', 'int32', [CHUNK, ...image]));
    const { features, logits } = network.forward(x, read, { by: 'averages' }, (x) => x);
    return { features, classes: argMax(logits) };
  });
  initialise(graph, seed);
  return finish(graph);
}

/** 0…255 → float32 -1…1. */
function toSigned(pixels: Tensor): Tensor {
  return shift(scale(cast(pixels, 'float32'), 2 / 255), -1);
}

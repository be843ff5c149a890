/** Minibatch standard deviation: lets D see how different the images of a batch are; has no state. */
import {
  broadcastTo,
  concat,
  mean,
  requireWholeBatch,
  reshape,
  shift,
  sqrt,
  square,
  subtract,
  type Tensor,
} from '../../engine/program/index.ts';

/**
 * Adds a channel that tells how much the examples of a group differ: the standard deviation of each element over the
 * group, averaged over all elements (Karras et al. 2018, section 3). `x` `[n, h, w, channels]` → `[n, h, w, channels + 1]`.
 * A group is `groupSize` examples, or n where that is less; as in StyleGAN, example i belongs to group i mod (n /
 * groupSize). Real and generated images must not share a pass.
 *
 * @throws EngineError BATCH in a part of a batch, where groups would be others.
 */
export function minibatchDeviation(name: string, x: Tensor, groupSize = 4): Tensor {
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  requireWholeBatch(x.node.graph, name, 'minibatch deviation compares examples');
  const size = Math.min(groupSize, n);
  if (n % size !== 0) throw new RangeError(`${name}: ${n} examples do not make groups of ${size}`);
  const groups = reshape(x, [size, n / size, height * width * channels]);
  const centred = subtract(groups, mean(groups, [0]));
  const deviation = mean(sqrt(shift(mean(square(centred), [0]), 1e-8)), [1]);
  const channel = broadcastTo(reshape(deviation, [1, n / size, 1, 1]), [size, n / size, height * width, 1]);
  return concat([x, reshape(channel, [n, height, width, 1])], 3);
}

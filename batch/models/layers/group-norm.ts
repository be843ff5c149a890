/** Norms that look at each example alone; know no batch and keep no averages. */
import {
  add,
  type Graph,
  mean,
  multiply,
  reshape,
  rsqrt,
  shift,
  sizeOf,
  square,
  state,
  subtract,
} from '../../engine/program/index.ts';
import { ones, zeros } from './initial.ts';
import type { Layer } from './layer.ts';

/** PyTorch's ε. */
const EPSILON = 1e-5;

/**
 * Group norm (Wu and He 2018): the channels of an example, in `groups` parts of neighbours, have mean 0 and variance 1
 * over each part and all pixels; then each channel has a gain and a bias of its own. `x` `[n, …, channels]`, written out,
 * so that it has gradients of any order. State: `<name>/gain` and `<name>/bias`, `[channels]` each.
 */
export function groupNorm(
  graph: Graph,
  name: string,
  { channels, groups }: { channels: number; groups: number },
): Layer {
  if (channels % groups !== 0) throw new RangeError(`${name}: ${channels} channels do not make ${groups} groups`);
  const gain = state(graph, `${name}/gain`, [channels], { init: ones });
  const bias = state(graph, `${name}/bias`, [channels], { init: zeros });
  return {
    weights: [gain, bias],
    apply(x, values) {
      const [n = 0, ...rest] = x.shape;
      const parts = reshape(x, [n, sizeOf(rest) / channels, groups, channels / groups]);
      const statistic = (of: typeof x) => reshape(mean(of, [1, 3]), [n, 1, groups, 1]);
      const centred = subtract(parts, statistic(parts));
      const normal = multiply(centred, rsqrt(shift(statistic(square(centred)), EPSILON)));
      return add(multiply(reshape(normal, x.shape), values(gain)), values(bias));
    },
  };
}

/** Instance norm (Ulyanov et al. 2016): each channel of an example over its pixels. State: that of {@link groupNorm}. */
export function instanceNorm(graph: Graph, name: string, channels: number): Layer {
  return groupNorm(graph, name, { channels, groups: channels });
}

/** Layer norm (Ba et al. 2016): all of an example together, gains by channel. State: that of {@link groupNorm}. */
export function layerNorm(graph: Graph, name: string, channels: number): Layer {
  return groupNorm(graph, name, { channels, groups: 1 });
}

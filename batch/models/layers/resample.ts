/** Convolutions that change the size of images without a stride; knows no activation. */
import { averagePool, type Graph, upsampleNearest } from '../../engine/program/index.ts';
import { convolution, type Kernel } from './convolution.ts';
import type { Layer } from './layer.ts';

type Resample = Omit<Kernel, 'stride'> & {
  /** Ratio of the sides; 2 by default. */
  readonly factor?: number;
};

/**
 * Every pixel becomes `factor` × `factor` equal ones, then comes a convolution: unlike a transposed convolution it leaves
 * no pattern of a chessboard (Odena, Dumoulin and Olah 2016). `[n, h, w, inputs]` → `[n, factor · h, factor · w,
 * outputs]`. State: that of {@link convolution}.
 */
export function upsampling(graph: Graph, name: string, { factor = 2, ...kernel }: Resample): Layer {
  const { weights, apply } = convolution(graph, name, { ...kernel, stride: 1 });
  // A kernel of one pixel gives the same before and after, and before there are fewer of them.
  if (kernel.size === 1) return { weights, apply: (x, values) => upsampleNearest(apply(x, values), factor) };
  return { weights, apply: (x, values) => apply(upsampleNearest(x, factor), values) };
}

/**
 * The mean of each `factor` × `factor` pixels, then a convolution. `[n, h, w, inputs]` → `[n, ⌈h/factor⌉, ⌈w/factor⌉,
 * outputs]`. State: that of {@link convolution}.
 */
export function downsampling(graph: Graph, name: string, { factor = 2, ...kernel }: Resample): Layer {
  const { weights, apply } = convolution(graph, name, { ...kernel, stride: 1 });
  return { weights, apply: (x, values) => apply(averagePool(x, factor), values) };
}

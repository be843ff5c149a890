/** Convolution and its transpose, with SAME padding; knows no normalisation and no activation. */
import { conv2d, conv2dTranspose, type Graph, type Init, state } from '../../engine/program/index.ts';
import { type Bias, withBias } from './bias.ts';
import { glorot } from './initial.ts';
import type { Layer } from './layer.ts';

/** A square kernel, its reach and its channels; Glorot's by default, and with a bias. */
export interface Kernel {
  readonly size: number;
  readonly stride: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly init?: Init;
  readonly bias?: Bias;
}

const glorotOf = ({ size, inputs, outputs }: Kernel) => glorot(size ** 2 * inputs, size ** 2 * outputs);

/**
 * `[n, h, w, inputs]` → `[n, ⌈h/stride⌉, ⌈w/stride⌉, outputs]`. State: `<name>/kernel` `[size, size, inputs, outputs]`
 * and, unless `bias` is false, `<name>/bias`.
 */
export function convolution(graph: Graph, name: string, options: Kernel): Layer {
  const { size, stride, inputs, outputs, init = glorotOf(options), bias = true } = options;
  const kernel = state(graph, `${name}/kernel`, [size, size, inputs, outputs], { init });
  return withBias(graph, name, { kernel, outputs, bias }, (x, values) => conv2d(x, values(kernel), stride));
}

/**
 * `[n, ⌈height/stride⌉, ⌈width/stride⌉, inputs]` → `[n, height, width, outputs]`. State: `<name>/kernel`
 * `[size, size, outputs, inputs]` and, unless `bias` is false, `<name>/bias`.
 */
export function transposedConvolution(
  graph: Graph,
  name: string,
  options: Kernel & { readonly height: number; readonly width: number },
): Layer {
  const { size, stride, inputs, outputs, init = glorotOf(options), bias = true, height, width } = options;
  const kernel = state(graph, `${name}/kernel`, [size, size, outputs, inputs], { init });
  return withBias(graph, name, { kernel, outputs, bias }, (x, values) =>
    conv2dTranspose(x, values(kernel), stride, { height, width }),
  );
}

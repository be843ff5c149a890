/** The dense layer: every output sees every input; knows no images. */
import { type Graph, type Init, matMul, state } from '../../engine/program/index.ts';
import { type Bias, withBias } from './bias.ts';
import { glorot } from './initial.ts';
import type { Layer } from './layer.ts';

/**
 * `[n, inputs]` → `[n, outputs]`. State: `<name>/kernel` `[inputs, outputs]`, Glorot's by default, and, unless `bias` is
 * false, `<name>/bias`.
 */
export function dense(
  graph: Graph,
  name: string,
  {
    inputs,
    outputs,
    init = glorot(inputs, outputs),
    bias = true,
  }: { inputs: number; outputs: number; init?: Init; bias?: Bias },
): Layer {
  const kernel = state(graph, `${name}/kernel`, [inputs, outputs], { init });
  return withBias(graph, name, { kernel, outputs, bias }, (x, values) => matMul(x, values(kernel)));
}

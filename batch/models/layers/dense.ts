/** The dense layer: every output sees every input; knows no images. */
import { type Graph, matMul, state } from '../../engine/program/index.ts';
import { withBias } from './bias.ts';
import { glorot } from './initial.ts';
import type { Layer } from './layer.ts';

/** `[n, inputs]` → `[n, outputs]`. State: `<name>/kernel` `[inputs, outputs]` and, unless `bias` is false, `<name>/bias`. */
export function dense(
  graph: Graph,
  name: string,
  { inputs, outputs, bias = true }: { inputs: number; outputs: number; bias?: boolean },
): Layer {
  const kernel = state(graph, `${name}/kernel`, [inputs, outputs], { init: glorot(inputs, outputs) });
  return withBias(graph, name, { kernel, outputs, bias }, (x, values) => matMul(x, values(kernel)));
}

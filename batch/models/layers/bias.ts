/** What a linear layer adds to each channel; knows no kernel. */
import { biasAdd, type Graph, type Init, type State, state, type Tensor } from '../../engine/program/index.ts';
import { zeros } from './initial.ts';
import type { Layer, Values } from './layer.ts';

/** Whether a layer has a bias, and how it begins; zeros where that is not said. */
export type Bias = boolean | Init;

/** The layer of `kernel` and `map`, with a bias `<name>/bias` of `outputs` channels where one is wanted. */
export function withBias(
  graph: Graph,
  name: string,
  { kernel, outputs, bias: wanted }: { kernel: State; outputs: number; bias: Bias },
  map: (x: Tensor, values: Values) => Tensor,
): Layer {
  if (wanted === false) return { weights: [kernel], apply: map };
  const bias = state(graph, `${name}/bias`, [outputs], { init: wanted === true ? zeros : wanted });
  return { weights: [kernel, bias], apply: (x, values) => biasAdd(map(x, values), values(bias)) };
}

/** Self-attention over the pixels of an image; knows no position. */
import { add, type Graph, matMul, multiply, reshape, softmax, state } from '../../engine/program/index.ts';
import { convolution } from './convolution.ts';
import { zeros } from './initial.ts';
import { type Layer, weightsOf } from './layer.ts';

/**
 * `x + γ · output(Σ softmax(queryᵀ key) · value)` (Zhang et al. 2019, SAGAN): every pixel looks at all others. The four
 * maps are 1 × 1 convolutions without bias, the inner three of `channels / 8` channels; γ begins at 0, so that the network
 * learns what is near first. Same shape in and out, `[n, h, w, channels]`; memory grows with (h · w)². State:
 * `<name>/{query,key,value,output}/kernel` and `<name>/gate`, γ, a scalar.
 */
export function attention(
  graph: Graph,
  name: string,
  { channels, inner = Math.max(1, Math.floor(channels / 8)) }: { channels: number; inner?: number },
): Layer {
  const map = (part: string, inputs: number, outputs: number) =>
    convolution(graph, `${name}/${part}`, { size: 1, stride: 1, inputs, outputs, bias: false });
  const query = map('query', channels, inner);
  const key = map('key', channels, inner);
  const value = map('value', channels, inner);
  const output = map('output', inner, channels);
  const gate = state(graph, `${name}/gate`, [], { init: zeros });
  return {
    weights: [...weightsOf([query, key, value, output]), gate],
    apply(x, values) {
      const [n = 0, height = 0, width = 0] = x.shape;
      const pixels = (layer: Layer) => reshape(layer.apply(x, values), [n, height * width, inner]);
      const weights = softmax(matMul(pixels(query), pixels(key), { transposeB: true }));
      const seen = reshape(matMul(weights, pixels(value)), [n, height, width, inner]);
      return add(x, multiply(output.apply(seen, values), values(gate)));
    },
  };
}

/** The layers of a signature, found by whose state each operation applies; knows no model. */
import { flopsOf } from './count.ts';
import { nodesOf, type Program } from './program.ts';
import { sizeOf } from './shape.ts';
import type { State } from './state.ts';
import type { AnyNode, Shape, Tensor } from './tensor.ts';

/** State that belongs together by its name, `<layer>/<part>`, and what is computed with it. */
export interface LayerCount {
  readonly name: string;
  /** Of its result: what follows without state of its own, such as an activation, is part of it, a last reshape is not. */
  readonly shape: Shape;
  /** Elements of its weights. */
  readonly parameters: number;
  /** Floating-point operations of one call. */
  readonly flops: number;
}

/** Where a tensor comes from: a layer's state alone, or data that went through a layer last; null before the first. */
interface Origin {
  readonly from: 'state' | 'data';
  readonly layer: string | null;
}

/**
 * Layers in the order in which a signature applies them. Their operations are all that the signature computes; those
 * before the first layer are counted as its own.
 */
export function layersOf(program: Program, signature: string): LayerCount[] {
  const origins = new Map<Tensor, Origin>();
  const layers = new Map<string, { shape: Shape; flops: number; weights: Set<State> }>();
  const layerNamed = (name: string) => {
    const known = layers.get(name) ?? { shape: [], flops: 0, weights: new Set() };
    layers.set(name, known);
    return known;
  };
  let before = 0;
  for (const node of nodesOf(program, signature)) {
    const origin = originOf(node, origins, [...layers.keys()]);
    for (const output of node.outputs) if (origin) origins.set(output, origin);
    const layer = origin?.layer == null ? null : layerNamed(origin.layer);
    if (!layer) {
      before += flopsOf(node);
      continue;
    }
    layer.flops += flopsOf(node);
    if (origin?.from === 'data' && node.op !== 'reshape') layer.shape = node.outputs[0]?.shape ?? layer.shape;
    if (node.op === 'read') layer.weights.add(node.attributes.version.state);
  }
  return [...layers].map(([name, { shape, flops, weights }], index) => ({
    name,
    shape,
    parameters: [...weights].reduce((sum, { role, shape }) => sum + (role === 'weight' ? sizeOf(shape) : 0), 0),
    flops: index === 0 ? flops + before : flops,
  }));
}

/** Null for what is the same in every layer: constants, and what is computed from them. */
function originOf(node: AnyNode, origins: ReadonlyMap<Tensor, Origin>, order: readonly string[]): Origin | null {
  if (node.op === 'read') {
    const { name, role } = node.attributes.version.state;
    return role === 'data' ? { from: 'data', layer: null } : { from: 'state', layer: layerOf(name) };
  }
  if (node.op === 'feed') return { from: 'data', layer: null };
  const inputs = node.inputs.flatMap((input) => origins.get(input) ?? []);
  const place = ({ layer }: Origin): number => (layer === null ? -1 : order.indexOf(layer));
  const latest = (among: readonly Origin[]): string | null =>
    among.reduce((a, b) => (place(b) > place(a) ? b : a)).layer;
  const [states, data] = [inputs.filter(({ from }) => from === 'state'), inputs.filter(({ from }) => from === 'data')];
  if (inputs.length === 0) return null;
  if (data.length === 0) return { from: 'state', layer: latest(states) };
  return { from: 'data', layer: latest(states.length > 0 ? states : data) };
}

/** `generator/stage1` of `generator/stage1/kernel`. */
function layerOf(state: string): string {
  return state.slice(0, Math.max(0, state.lastIndexOf('/')));
}

/** Random numbers as XLA can compile them: TensorFlow's second generation of the same operations; knows no program. */
import type { NodeDef } from '../savedmodel/nodedef.ts';

const SECOND: Readonly<Record<string, string>> = {
  StatelessRandomNormal: 'StatelessRandomNormalV2',
  StatelessRandomUniform: 'StatelessRandomUniformV2',
  StatelessRandomUniformFullInt: 'StatelessRandomUniformFullIntV2',
};
/** Philox in TensorFlow's list of generators (random_ops_util.py). */
const PHILOX = 1;

/**
 * The node itself, or the nodes that compute its random numbers from its seed's key and counter. The generator and its
 * key are the same; XLA makes normal numbers of its bits in another way.
 */
export function compilableRandom(node: NodeDef): readonly NodeDef[] {
  const op = SECOND[node.op];
  if (op === undefined) return [node];
  const [shape = '', seed = '', ...order] = node.inputs;
  const { dtype, T, Tseed } = node.attributes;
  if (!dtype || !T || !Tseed) throw new Error(`${node.name} lacks a type`);
  const key = { name: `${node.name}/key`, op: 'StatelessRandomGetKeyCounter', inputs: [seed], attributes: { Tseed } };
  const philox = { dtype: 'int32', shape: [], content: new Uint8Array(Int32Array.of(PHILOX).buffer) } as const;
  const generator = {
    ...{ name: `${node.name}/philox`, op: 'Const', inputs: [] },
    attributes: { dtype: { type: 'int32' }, value: { tensor: philox } },
  } as const;
  const inputs = [shape, key.name, `${key.name}:1`, generator.name, ...order];
  return [key, generator, { name: node.name, op, inputs, attributes: { dtype, Tshape: T } }];
}

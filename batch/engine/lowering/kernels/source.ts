/** Where values come from: constants, feeds, state, files and random numbers. */
import { inputOf, outputOf } from '../../program/graph.ts';
import type { OpName } from '../../program/ops/table.ts';
import { sizeOf } from '../../program/shape.ts';
import type { Node } from '../../program/tensor.ts';
import { type Emitter, type } from '../emitter.ts';
import { emitEntry } from '../wire.ts';
import type { Kernels } from './kernel.ts';

/** Philox's seed of a stream's key, all 128 bits: two int32 are one int64, low half first. */
function seedOf(node: Node<OpName>, to: Emitter): string {
  const halves = to.op('Reshape', [to.ref(inputOf(node, 0)), to.ints([2, 2])], { T: type('int32') }, 'halves');
  return to.op('Bitcast', [halves], { T: type('int32'), type: type('int64') }, 'seed');
}

const random =
  (op: string) =>
  (node: Node<OpName>, to: Emitter): string => {
    const { dtype, shape } = outputOf(node, 0);
    const inputs = [to.ints(shape), seedOf(node, to)];
    const attributes = { dtype: type('float32'), T: type('int32'), Tseed: type('int64') };
    if (dtype === 'float32') return to.op(op, inputs, attributes);
    const drawn = to.op(op, inputs, attributes, 'drawn');
    return to.op('Cast', [drawn], { SrcT: type('float32'), DstT: type(dtype) });
  };

/** Four bytes of each random int32. */
function randomBytes(node: Node<'randomBytes'>, to: Emitter): string {
  const { shape } = outputOf(node, 0);
  const [bytes, words] = [sizeOf(shape), Math.ceil(sizeOf(shape) / 4)];
  const attributes = { dtype: type('int32'), T: type('int32'), Tseed: type('int64') };
  const drawn = to.op('StatelessRandomUniformFullInt', [to.ints([words]), seedOf(node, to)], attributes, 'words');
  const quads = to.op('Bitcast', [drawn], { T: type('int32'), type: type('uint8') }, 'quads');
  const flat = to.op('Reshape', [quads, to.ints([4 * words])], { T: type('uint8') }, 'flat');
  const types = { T: type('uint8'), Index: type('int32') };
  const cut = 4 * words === bytes ? flat : to.op('Slice', [flat, to.ints([0]), to.ints([bytes])], types, 'cut');
  return to.op('Reshape', [cut, to.ints(shape)], { T: type('uint8') });
}

export const source = {
  constant: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.constant(dtype, shape, node.attributes.values);
  },
  feed: (node, to) => emitEntry(to, outputOf(node, 0)),
  read: (node, to) => {
    const { state } = node.attributes.version;
    return to.op('ReadVariableOp', [to.variable(state.name)], { dtype: type(state.dtype) });
  },
  // The last bytes of the file are the array, whatever the length of the header before it.
  readImages: (node, to) => {
    const { shape } = outputOf(node, 0);
    const tensor = { dtype: 'string', shape: [], content: node.attributes.file } as const;
    const file = to.op('Const', [], { dtype: type('string'), value: { tensor } }, 'file');
    const content = to.op('ReadFile', [file], {}, 'content');
    const bytes = to.op('DecodeRaw', [content], { out_type: type('uint8') }, 'bytes');
    const pixels = to.op(
      'StridedSlice',
      [bytes, to.ints([-sizeOf(shape)]), to.ints([0]), to.ints([1])],
      { T: type('uint8'), Index: type('int32'), end_mask: { int: 1 } },
      'pixels',
    );
    return to.op('Reshape', [pixels, to.ints(shape)], { T: type('uint8') });
  },
  randomNormal: random('StatelessRandomNormal'),
  randomUniform: random('StatelessRandomUniform'),
  randomBytes,
} satisfies Partial<Kernels>;

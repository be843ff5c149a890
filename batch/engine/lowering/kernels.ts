/** How each operation becomes TensorFlow nodes; knows no gradient and no model. */
import { inputOf, outputOf } from '../program/graph.ts';
import type { OpName } from '../program/ops/table.ts';
import { sizeOf } from '../program/shape.ts';
import type { ElementType, Node } from '../program/tensor.ts';
import type { Attribute } from '../savedmodel/graphdef.ts';
import { type Emitter, type } from './emitter.ts';

/** Emits a node; the reference is to its first output, or the node itself where it has none. */
type Kernel<O extends OpName> = (node: Node<O>, to: Emitter) => string;

type Kernels = { readonly [O in OpName]: Kernel<O> };

/** Operations that TensorFlow has under another name, with the inputs as they are. */
const direct =
  (op: string, attributes: (node: Node) => Record<string, Attribute> = () => ({})) =>
  (node: Node<OpName>, to: Emitter): string =>
    to.op(op, node.inputs.map(to.ref), { T: type(inputOf(node, 0).dtype), ...attributes(node) });

const layout: Record<string, Attribute> = { data_format: { string: 'NHWC' } };

function strided(dtype: ElementType, stride: number): Record<string, Attribute> {
  return { T: type(dtype), strides: { ints: [1, stride, stride, 1] }, padding: { string: 'SAME' }, ...layout };
}

function normalising(training: boolean, epsilon: number): Record<string, Attribute> {
  return {
    T: type('float32'),
    U: type('float32'),
    epsilon: { float: epsilon },
    is_training: { bool: training },
    ...layout,
  };
}

/** Philox's seed of a stream's key, all 128 bits: two int32 are one int64, low half first. */
function seedOf(node: Node<OpName>, to: Emitter): string {
  const halves = to.op('Reshape', [to.ref(inputOf(node, 0)), to.ints([2, 2])], { T: type('int32') }, 'halves');
  return to.op('Bitcast', [halves], { T: type('int32'), type: type('int64') }, 'seed');
}

const random =
  (op: string) =>
  (node: Node<OpName>, to: Emitter): string => {
    const { dtype, shape } = outputOf(node, 0);
    const attributes = { dtype: type(dtype), T: type('int32'), Tseed: type('int64') };
    return to.op(op, [to.ints(shape), seedOf(node, to)], attributes);
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

export const kernels: Kernels = {
  constant: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.constant(dtype, shape, node.attributes.values);
  },
  feed: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('Placeholder', [], { dtype: type(dtype), shape: { shape } });
  },
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

  add: direct('AddV2'),
  subtract: direct('Sub'),
  multiply: direct('Mul'),
  divide: direct('RealDiv'),
  negate: direct('Neg'),
  square: direct('Square'),
  sqrt: direct('Sqrt'),
  rsqrt: direct('Rsqrt'),
  relu: direct('Relu'),
  reluGradient: direct('ReluGrad'),
  leakyRelu: (node, to) =>
    to.op('LeakyRelu', node.inputs.map(to.ref), {
      T: type(inputOf(node, 0).dtype),
      alpha: { float: node.attributes.slope },
    }),
  leakyReluGradient: (node, to) =>
    to.op('LeakyReluGrad', node.inputs.map(to.ref), {
      T: type(inputOf(node, 0).dtype),
      alpha: { float: node.attributes.slope },
    }),
  tanh: direct('Tanh'),
  tanhGradient: direct('TanhGrad'),
  sigmoid: direct('Sigmoid'),
  softplus: direct('Softplus'),
  cast: (node, to) => {
    const types = { SrcT: type(inputOf(node, 0).dtype), DstT: type(outputOf(node, 0).dtype) };
    return to.op('Cast', node.inputs.map(to.ref), types);
  },

  greaterEqual: direct('GreaterEqual'),
  isFinite: direct('IsFinite'),
  and: (node, to) => to.op('LogicalAnd', node.inputs.map(to.ref), {}),
  select: (node, to) => to.op('SelectV2', node.inputs.map(to.ref), { T: type(outputOf(node, 0).dtype) }),

  reshape: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('Reshape', [to.ref(inputOf(node, 0)), to.ints(shape)], { T: type(dtype) });
  },
  broadcastTo: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('BroadcastTo', [to.ref(inputOf(node, 0)), to.ints(shape)], { T: type(dtype) });
  },
  sum: (node, to) =>
    to.op('Sum', [to.ref(inputOf(node, 0)), to.ints(node.attributes.axes)], { T: type(outputOf(node, 0).dtype) }),
  halfSquareSum: direct('L2Loss'),
  concat: (node, to) =>
    to.op('ConcatV2', [...node.inputs.map(to.ref), to.ints(node.attributes.axis)], {
      T: type(outputOf(node, 0).dtype),
      N: { int: node.inputs.length },
    }),
  slice: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const bounds = [to.ints(node.attributes.begin), to.ints(shape)];
    return to.op('Slice', [to.ref(inputOf(node, 0)), ...bounds], { T: type(dtype), Index: type('int32') });
  },
  pad: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const x = inputOf(node, 0);
    const margins = node.attributes.before.flatMap((before, axis) => [
      before,
      (shape[axis] ?? 0) - before - (x.shape[axis] ?? 0),
    ]);
    const paddings = to.op('Reshape', [to.ints(margins), to.ints([shape.length, 2])], { T: type('int32') }, 'paddings');
    return to.op('Pad', [to.ref(x), paddings], { T: type(dtype) });
  },
  gather: (node, to) => {
    const types = { Tparams: type(outputOf(node, 0).dtype), Tindices: type('int32'), Taxis: type('int32') };
    return to.op('GatherV2', [...node.inputs.map(to.ref), to.ints(0)], types);
  },

  matMul: (node, to) =>
    to.op('MatMul', node.inputs.map(to.ref), {
      T: type(outputOf(node, 0).dtype),
      transpose_a: { bool: node.attributes.transposeA },
      transpose_b: { bool: node.attributes.transposeB },
    }),
  biasAdd: direct('BiasAdd', () => layout),
  biasAddGradient: direct('BiasAddGrad', () => layout),
  conv2d: (node, to) =>
    to.op('Conv2D', node.inputs.map(to.ref), strided(outputOf(node, 0).dtype, node.attributes.stride)),
  conv2dInputGradient: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const [dy, kernel] = [to.ref(inputOf(node, 0)), to.ref(inputOf(node, 1))];
    return to.op('Conv2DBackpropInput', [to.ints(shape), kernel, dy], strided(dtype, node.attributes.stride));
  },
  conv2dFilterGradient: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const [x, dy] = [to.ref(inputOf(node, 0)), to.ref(inputOf(node, 1))];
    return to.op('Conv2DBackpropFilter', [x, to.ints(shape), dy], strided(dtype, node.attributes.stride));
  },
  batchNorm: (node, to) => {
    const none = to.constant('float32', [0], [], 'none');
    const inputs = [...node.inputs.map(to.ref), none, none];
    return to.op('FusedBatchNormV3', inputs, normalising(true, node.attributes.epsilon));
  },
  batchNormGradient: (node, to) =>
    to.op('FusedBatchNormGradV3', node.inputs.map(to.ref), normalising(true, node.attributes.epsilon)),
  batchNormInference: (node, to) =>
    to.op('FusedBatchNormV3', node.inputs.map(to.ref), normalising(false, node.attributes.epsilon)),

  assign: (node, to) => {
    const { name, dtype } = node.attributes.state;
    return to.op('AssignVariableOp', [to.variable(name), to.ref(inputOf(node, 0))], { dtype: type(dtype) });
  },
  // The kernel's own bias correction is switched off by powers of 0: `rate` and ε̂ hold it, in float64's precision.
  adam: (node, to) => {
    const { weight, first, second } = node.attributes;
    const [gradient, rate, beta1, beta2, epsilon] = node.inputs.map(to.ref) as [string, string, string, string, string];
    const variables = [weight, first, second].map(({ name }) => to.variable(name));
    const zero = to.constant('float32', [], [0], 'zero');
    const inputs = [...variables, zero, zero, rate, beta1, beta2, epsilon, gradient];
    return to.op('ResourceApplyAdam', inputs, { T: type('float32') });
  },
};

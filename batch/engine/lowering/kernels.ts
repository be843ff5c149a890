/** How each operation becomes TensorFlow nodes; knows no gradient and no model. */
import { inputOf, outputOf } from '../program/graph.ts';
import type { Pooling } from '../program/ops/resample.ts';
import type { OpName } from '../program/ops/table.ts';
import type { Sliding } from '../program/ops/window.ts';
import { sizeOf } from '../program/shape.ts';
import type { DType, Node } from '../program/tensor.ts';
import type { Attribute } from '../savedmodel/graphdef.ts';
import { type Emitter, type } from './emitter.ts';
import { emitEntry } from './wire.ts';

/** Emits a node; the reference is to its first output, or the node itself where it has none. */
type Kernel<O extends OpName> = (node: Node<O>, to: Emitter) => string;

type Kernels = { readonly [O in OpName]: Kernel<O> };

/** Operations that TensorFlow has under another name, with the inputs as they are. */
const direct =
  <O extends OpName>(op: string, attributes: (node: Node<O>) => Record<string, Attribute> = () => ({})) =>
  (node: Node<O>, to: Emitter): string =>
    to.op(op, node.inputs.map(to.ref), { T: type(inputOf(node, 0).dtype), ...attributes(node) });

const layout: Record<string, Attribute> = { data_format: { string: 'NHWC' } };

function sliding(dtype: DType, { stride, padding }: Sliding): Record<string, Attribute> {
  const common = { T: type(dtype), strides: { ints: [1, stride, stride, 1] }, ...layout };
  if (typeof padding === 'string') return { ...common, padding: { string: padding } };
  return { ...common, padding: { string: 'EXPLICIT' }, explicit_paddings: { ints: [0, 0, ...padding.flat(), 0, 0] } };
}

/** The three forms of a convolution, by the name of the forward one. */
function convolution(op: 'Conv2D' | 'DepthwiseConv2dNative') {
  type Form = Node<OpName> & { readonly attributes: Sliding };
  const attributes = (node: Form) => sliding(outputOf(node, 0).dtype, node.attributes);
  const sides = (node: Form, to: Emitter) => to.ints(outputOf(node, 0).shape);
  const operands = (node: Form, to: Emitter) => [to.ref(inputOf(node, 0)), to.ref(inputOf(node, 1))] as const;
  return {
    forward: (node: Form, to: Emitter) => to.op(op, operands(node, to), attributes(node)),
    toInput: (node: Form, to: Emitter) => {
      const [dy, kernel] = operands(node, to);
      return to.op(`${op}BackpropInput`, [sides(node, to), kernel, dy], attributes(node));
    },
    toFilter: (node: Form, to: Emitter) => {
      const [x, dy] = operands(node, to);
      return to.op(`${op}BackpropFilter`, [x, sides(node, to), dy], attributes(node));
    },
  };
}

const conv2d = convolution('Conv2D');
const depthwiseConv2d = convolution('DepthwiseConv2dNative');

function pooling(dtype: DType, { size, stride, padding }: Pooling): Record<string, Attribute> {
  return { ...sliding(dtype, { stride, padding }), ksize: { ints: [1, size, size, 1] } };
}

const logic =
  (op: string) =>
  (node: Node<OpName>, to: Emitter): string =>
    to.op(op, node.inputs.map(to.ref), {});

const reduction =
  (op: string) =>
  (node: Node<'sum' | 'max' | 'min'>, to: Emitter): string => {
    const inputs = [to.ref(inputOf(node, 0)), to.ints(node.attributes.axes)];
    return to.op(op, inputs, { T: type(outputOf(node, 0).dtype), Tidx: type('int32') });
  };

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
    const inputs = [to.ints(shape), seedOf(node, to)];
    const attributes = { dtype: type('float32'), T: type('int32'), Tseed: type('int64') };
    if (dtype === 'float32') return to.op(op, inputs, attributes);
    const drawn = to.op(op, inputs, attributes, 'drawn');
    return to.op('Cast', [drawn], { SrcT: type('float32'), DstT: type(dtype) });
  };

/** `value` where `sign` is positive, `slope · value` elsewhere. LeakyRelu's own attribute holds no float64. */
function positiveOr(to: Emitter, dtype: DType, sign: string, value: string, slope: number): string {
  const T = type(dtype);
  const small = to.op('Mul', [value, to.constant(dtype, [], [slope], 'slope')], { T }, 'small');
  const positive = to.op('Greater', [sign, to.constant(dtype, [], [0], 'zero')], { T }, 'positive');
  return to.op('SelectV2', [positive, value, small], { T });
}

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

  add: direct('AddV2'),
  subtract: direct('Sub'),
  multiply: direct('Mul'),
  divide: direct('RealDiv'),
  maximum: direct('Maximum'),
  minimum: direct('Minimum'),
  negate: direct('Neg'),
  square: direct('Square'),
  sqrt: direct('Sqrt'),
  rsqrt: direct('Rsqrt'),
  power: (node, to) => {
    const { dtype } = outputOf(node, 0);
    const exponent = to.constant(dtype, [], [node.attributes.exponent], 'exponent');
    return to.op('Pow', [to.ref(inputOf(node, 0)), exponent], { T: type(dtype) });
  },
  exp: direct('Exp'),
  log: direct('Log'),
  sin: direct('Sin'),
  cos: direct('Cos'),
  erf: direct('Erf'),
  abs: direct('Abs'),
  sign: direct('Sign'),
  floor: direct('Floor'),
  cast: (node, to) => {
    const types = { SrcT: type(inputOf(node, 0).dtype), DstT: type(outputOf(node, 0).dtype) };
    return to.op('Cast', node.inputs.map(to.ref), types);
  },
  stopGradient: direct('StopGradient'),

  relu: direct('Relu'),
  reluGradient: direct('ReluGrad'),
  leakyRelu: (node, to) => {
    const [{ dtype }, x, { slope }] = [outputOf(node, 0), to.ref(inputOf(node, 0)), node.attributes];
    if (dtype === 'float32') return to.op('LeakyRelu', [x], { T: type(dtype), alpha: { float: slope } });
    return positiveOr(to, dtype, x, x, slope);
  },
  leakyReluGradient: (node, to) => {
    const [{ dtype }, { slope }] = [outputOf(node, 0), node.attributes];
    const [dy, y] = [to.ref(inputOf(node, 0)), to.ref(inputOf(node, 1))];
    if (dtype === 'float32') return to.op('LeakyReluGrad', [dy, y], { T: type(dtype), alpha: { float: slope } });
    return positiveOr(to, dtype, y, dy, slope);
  },
  tanh: direct('Tanh'),
  tanhGradient: direct('TanhGrad'),
  sigmoid: direct('Sigmoid'),
  softplus: direct('Softplus'),
  elu: direct('Elu'),
  softmax: direct('Softmax'),
  logSoftmax: direct('LogSoftmax'),

  greater: direct('Greater'),
  greaterEqual: direct('GreaterEqual'),
  equal: direct('Equal'),
  isFinite: direct('IsFinite'),
  and: logic('LogicalAnd'),
  or: logic('LogicalOr'),
  not: logic('LogicalNot'),
  select: (node, to) => to.op('SelectV2', node.inputs.map(to.ref), { T: type(outputOf(node, 0).dtype) }),
  argMax: (node, to) => {
    const x = inputOf(node, 0);
    const types = { T: type(x.dtype), Tidx: type('int32'), output_type: type('int32') };
    return to.op('ArgMax', [to.ref(x), to.ints(x.shape.length - 1)], types);
  },

  reshape: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('Reshape', [to.ref(inputOf(node, 0)), to.ints(shape)], { T: type(dtype) });
  },
  transpose: (node, to) => {
    const types = { T: type(outputOf(node, 0).dtype), Tperm: type('int32') };
    return to.op('Transpose', [to.ref(inputOf(node, 0)), to.ints(node.attributes.permutation)], types);
  },
  reverse: (node, to) => {
    const types = { T: type(outputOf(node, 0).dtype), Tidx: type('int32') };
    return to.op('ReverseV2', [to.ref(inputOf(node, 0)), to.ints(node.attributes.axes)], types);
  },
  broadcastTo: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('BroadcastTo', [to.ref(inputOf(node, 0)), to.ints(shape)], { T: type(dtype) });
  },
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
  scatterAdd: (node, to) => {
    const types = { T: type(outputOf(node, 0).dtype), Tindices: type('int32'), Tnumsegments: type('int32') };
    return to.op('UnsortedSegmentSum', [...node.inputs.map(to.ref), to.ints(node.attributes.rows)], types);
  },

  sum: reduction('Sum'),
  max: reduction('Max'),
  min: reduction('Min'),
  halfSquareSum: direct('L2Loss'),

  matMul: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const [operands, T] = [node.inputs.map(to.ref), type(dtype)];
    const [a, b] = [{ bool: node.attributes.transposeA }, { bool: node.attributes.transposeB }];
    if (shape.length === 2) return to.op('MatMul', operands, { T, transpose_a: a, transpose_b: b });
    return to.op('BatchMatMulV2', operands, { T, adj_x: a, adj_y: b });
  },
  biasAdd: direct('BiasAdd', () => layout),
  biasAddGradient: direct('BiasAddGrad', () => layout),
  conv2d: conv2d.forward,
  conv2dInputGradient: conv2d.toInput,
  conv2dFilterGradient: conv2d.toFilter,
  depthwiseConv2d: depthwiseConv2d.forward,
  depthwiseConv2dInputGradient: depthwiseConv2d.toInput,
  depthwiseConv2dFilterGradient: depthwiseConv2d.toFilter,
  batchNorm: (node, to) => {
    const none = to.constant('float32', [0], [], 'none');
    const inputs = [...node.inputs.map(to.ref), none, none];
    return to.op('FusedBatchNormV3', inputs, normalising(true, node.attributes.epsilon));
  },
  batchNormGradient: (node, to) =>
    to.op('FusedBatchNormGradV3', node.inputs.map(to.ref), normalising(true, node.attributes.epsilon)),
  batchNormInference: (node, to) =>
    to.op('FusedBatchNormV3', node.inputs.map(to.ref), normalising(false, node.attributes.epsilon)),

  // Half-pixel centres: without them the position of a copy is rounded, and wrong for some factors.
  upsampleNearest: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    const sides = to.ints(shape.slice(1, 3));
    return to.op('ResizeNearestNeighbor', [to.ref(inputOf(node, 0)), sides], {
      T: type(dtype),
      half_pixel_centers: { bool: true },
    });
  },
  averagePool: (node, to) =>
    to.op('AvgPool', node.inputs.map(to.ref), pooling(outputOf(node, 0).dtype, node.attributes)),
  averagePoolGradient: (node, to) => {
    const { dtype, shape } = outputOf(node, 0);
    return to.op('AvgPoolGrad', [to.ints(shape), to.ref(inputOf(node, 0))], pooling(dtype, node.attributes));
  },
  depthToSpace: direct('DepthToSpace', ({ attributes }) => ({ block_size: { int: attributes.block }, ...layout })),
  spaceToDepth: direct('SpaceToDepth', ({ attributes }) => ({ block_size: { int: attributes.block }, ...layout })),

  // The order itself is in the control edges that every emission may have.
  waitFor: direct('Identity'),

  assign: (node, to) => {
    const { name, dtype } = node.attributes.state;
    return to.op('AssignVariableOp', [to.variable(name), to.ref(inputOf(node, 0))], { dtype: type(dtype) });
  },
  // The kernel's own bias correction is switched off by powers of 0: `rate` and ε̂ hold it, in float64's precision.
  adam: (node, to) => {
    const { weight, first, second } = node.attributes;
    const [gradient, rate, beta1, beta2, epsilon] = node.inputs.map(to.ref) as [string, string, string, string, string];
    const variables = [weight, first, second].map(({ name }) => to.variable(name));
    const { dtype } = weight;
    const zero = to.constant(dtype, [], [0], 'zero');
    const inputs = [...variables, zero, zero, rate, beta1, beta2, epsilon, gradient];
    return to.op('ResourceApplyAdam', inputs, { T: type(dtype) });
  },
};

/** Which of the operations that the engine emits TF.js computes as TensorFlow does; the test beside asks TF.js itself. */
import type { Attribute } from '../savedmodel/nodedef.ts';

type Attributes = Readonly<Record<string, Attribute>>;

export interface TfjsOperation {
  /** Attributes that TensorFlow has defaults for and TF.js wants to see. */
  readonly attributes?: Attributes;
  /** True of attributes under which TF.js computes something else. */
  readonly refuses?: (attributes: Attributes) => boolean;
}

const plain: TfjsOperation = {};
const dilated: TfjsOperation = { attributes: { dilations: { ints: [1, 1, 1, 1] } } };

/** TF.js normalises by given statistics, whatever the graph says. */
const isTraining = ({ is_training }: Attributes): boolean =>
  !is_training || !('bool' in is_training) || is_training.bool;

export const TFJS_OPERATIONS: Readonly<Record<string, TfjsOperation>> = {
  Placeholder: plain,
  Const: plain,
  Identity: plain,
  StopGradient: plain,

  AddV2: plain,
  Sub: plain,
  Mul: plain,
  RealDiv: plain,
  Maximum: plain,
  Minimum: plain,
  Neg: plain,
  Square: plain,
  Sqrt: plain,
  Rsqrt: plain,
  Pow: plain,
  Exp: plain,
  Log: plain,
  Sin: plain,
  Cos: plain,
  Erf: plain,
  Abs: plain,
  Sign: plain,
  Floor: plain,
  Cast: plain,

  Relu: plain,
  LeakyRelu: plain,
  Tanh: plain,
  Sigmoid: plain,
  Softplus: plain,
  Elu: plain,
  Softmax: plain,
  LogSoftmax: plain,

  Greater: plain,
  GreaterEqual: plain,
  Equal: plain,
  IsFinite: plain,
  LogicalAnd: plain,
  LogicalOr: plain,
  LogicalNot: plain,
  SelectV2: plain,
  ArgMax: plain,

  Reshape: plain,
  Transpose: plain,
  ReverseV2: plain,
  BroadcastTo: plain,
  ConcatV2: plain,
  Slice: plain,
  Pad: plain,
  GatherV2: plain,
  Shape: plain,
  StridedSlice: plain,
  Pack: plain,

  Sum: plain,
  Max: plain,
  Min: plain,

  MatMul: plain,
  BatchMatMulV2: plain,
  BiasAdd: plain,
  Conv2D: dilated,
  Conv2DBackpropInput: dilated,
  DepthwiseConv2dNative: dilated,
  FusedBatchNormV3: { refuses: isTraining },

  ResizeNearestNeighbor: plain,
  AvgPool: plain,
  DepthToSpace: plain,
};

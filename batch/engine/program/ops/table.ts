/** The closed list of operations and their attributes; knows no shape rule, no gradient and no kernel. */
import type { State } from '../state.ts';
import type { Shape } from '../tensor.ts';
import type { Version } from '../version.ts';

type None = Readonly<Record<never, never>>;

interface Strided {
  /** Same in both directions. Padding is always SAME: the smaller side is ⌈larger / stride⌉. */
  readonly stride: number;
}

/** Operations by name, with what they need beside their inputs. */
export interface OpAttributes {
  // sources
  constant: { readonly values: readonly number[] };
  feed: { readonly feed: string };
  read: { readonly version: Version };
  readImages: { readonly file: string };
  randomNormal: None;
  randomUniform: None;
  randomBytes: None;

  // elementwise
  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  negate: None;
  square: None;
  sqrt: None;
  rsqrt: None;
  relu: None;
  reluGradient: None;
  leakyRelu: { readonly slope: number };
  leakyReluGradient: { readonly slope: number };
  tanh: None;
  tanhGradient: None;
  sigmoid: None;
  softplus: None;
  cast: None;

  // comparisons
  greaterEqual: None;
  isFinite: None;
  and: None;
  select: None;

  // shapes
  reshape: None;
  broadcastTo: None;
  sum: { readonly axes: readonly number[] };
  halfSquareSum: None;
  concat: { readonly axis: number };
  slice: { readonly begin: Shape };
  pad: { readonly before: Shape };
  gather: None;

  // layers
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  biasAdd: None;
  biasAddGradient: None;
  conv2d: Strided;
  conv2dInputGradient: Strided;
  conv2dFilterGradient: Strided;
  batchNorm: { readonly epsilon: number };
  batchNormGradient: { readonly epsilon: number };
  batchNormInference: { readonly epsilon: number };

  // updates of state: no outputs
  assign: { readonly state: State };
  adam: { readonly weight: State; readonly first: State; readonly second: State };
}

export type OpName = keyof OpAttributes;

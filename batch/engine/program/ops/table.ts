/** The closed list of operations and their attributes; knows no shape rule, no gradient and no kernel. */
import type { State } from '../state.ts';
import type { AnyNode, Shape } from '../tensor.ts';
import type { Version } from '../version.ts';
import type { Pooling } from './resample.ts';
import type { Sliding } from './window.ts';

type None = Readonly<Record<never, never>>;

interface Reduction {
  readonly axes: readonly number[];
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

  // arithmetic
  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  maximum: None;
  minimum: None;
  negate: None;
  square: None;
  sqrt: None;
  rsqrt: None;
  power: { readonly exponent: number };
  exp: None;
  log: None;
  sin: None;
  cos: None;
  erf: None;
  abs: None;
  sign: None;
  floor: None;
  cast: None;
  stopGradient: None;

  // activations
  relu: None;
  reluGradient: None;
  leakyRelu: { readonly slope: number };
  leakyReluGradient: { readonly slope: number };
  tanh: None;
  tanhGradient: None;
  sigmoid: None;
  softplus: None;
  elu: None;
  softmax: None;
  logSoftmax: None;

  // comparisons
  greater: None;
  greaterEqual: None;
  equal: None;
  isFinite: None;
  and: None;
  or: None;
  not: None;
  select: None;
  argMax: None;

  // shapes
  reshape: None;
  transpose: { readonly permutation: readonly number[] };
  reverse: { readonly axes: readonly number[] };
  broadcastTo: None;
  concat: { readonly axis: number };
  slice: { readonly begin: Shape };
  pad: { readonly before: Shape };
  gather: None;
  scatterAdd: { readonly rows: number };

  // reductions
  sum: Reduction;
  max: Reduction;
  min: Reduction;
  halfSquareSum: None;

  // layers
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  biasAdd: None;
  biasAddGradient: None;
  conv2d: Sliding;
  conv2dInputGradient: Sliding;
  conv2dFilterGradient: Sliding;
  depthwiseConv2d: Sliding;
  depthwiseConv2dInputGradient: Sliding;
  depthwiseConv2dFilterGradient: Sliding;
  batchNorm: { readonly epsilon: number };
  batchNormGradient: { readonly epsilon: number };
  batchNormInference: { readonly epsilon: number };

  // sizes of images
  upsampleNearest: { readonly factor: number };
  averagePool: Pooling;
  averagePoolGradient: Pooling;
  depthToSpace: { readonly block: number };
  spaceToDepth: { readonly block: number };

  // order
  waitFor: { readonly earlier: readonly AnyNode[] };

  // updates of state: no outputs
  assign: { readonly state: State };
  adam: { readonly weight: State; readonly first: State; readonly second: State };
}

export type OpName = keyof OpAttributes;

/** Tensors and nodes of a program under construction; knows which operations exist, not what they mean. */
import type { DType } from '../session.ts';
import type { Graph } from './graph.ts';
import type { OpAttributes, OpName } from './ops/table.ts';

export type { DType };

/** One entry a dimension, all known when the program is built; `[]` is a scalar. */
export type Shape = readonly number[];

/** The type of a value: what a shape rule computes. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** One output of a node. */
export interface Tensor extends TensorType {
  readonly node: AnyNode;
  readonly index: number;
}

/** One application of an operation. */
export interface Node<O extends OpName = OpName> {
  /** Position in the program; inputs have smaller ones. */
  readonly id: number;
  readonly op: O;
  /** Unique in the program; scopes are separated by `/`. */
  readonly name: string;
  /** The signature that it belongs to; null for constants, which all share. */
  readonly signature: string | null;
  readonly graph: Graph;
  /** Neither it nor what is computed from its value is ever computed with fewer digits than the program has. */
  readonly wide: boolean;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: OpAttributes[O];
}

/** A node of any operation, told apart by `op`. */
export type AnyNode = { readonly [O in OpName]: Node<O> }[OpName];

/** What a kernel of the portable executor has to do with: one call's feeds, the session's state, and TF.js. */
import type { OpName } from '../../program/ops/table.ts';
import type { State } from '../../program/state.ts';
import type { Node } from '../../program/tensor.ts';
import type { Cpu, Value } from './cpu.ts';

/** Values made through a frame are freed when the kernel is done, but for those it returns. */
export interface Frame extends Omit<Cpu, 'free' | 'count'> {
  feed(name: string): Value;
  state(state: State): Value;
  setState(state: State, value: Value): void;
  /** The bytes of a file of a data set. */
  file(path: string): Uint8Array;
}

/** Computes a node's outputs, in order; one alone stands for itself. */
export type Kernel<O extends OpName> = (node: Node<O>, on: Frame, ...inputs: Value[]) => Value | readonly Value[];

/** Kernels of some operations. */
export type Kernels<O extends OpName = OpName> = { readonly [K in O]: Kernel<K> };

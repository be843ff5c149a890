/** The form of another way to compute an operation; knows none. */
import type { AnyNode, Tensor } from '../../program/tensor.ts';

/**
 * An operation's value by other operations, where that was measured to be cheaper; rounding may differ. `Size` describes
 * the nodes that were measured.
 */
export interface Alternative<Size> {
  /** In a few words, for the bench. */
  readonly name: string;
  /** Where it is used: for what was measured and found cheaper, and for nothing far from it. */
  fits(node: AnyNode): boolean;
  /** The node's only output, from its inputs. */
  build(node: AnyNode, inputs: readonly Tensor[]): Tensor;
  /** A node of a size, for tests and for measuring again; its inputs are made by `input`. */
  example(size: Size, input: (name: string, shape: readonly number[]) => Tensor): Tensor;
  /** `npx tsx batch/engine/bench/alternatives.ts` prints this table for the machine that it runs on. */
  readonly measured: Measurements<Size>;
}

/** Medians of one call of the operation alone, milliseconds, both ways in turn. */
export interface Measurements<Size> {
  readonly machine: string;
  readonly rows: readonly { readonly size: Size; readonly plain: number; readonly other: number }[];
}

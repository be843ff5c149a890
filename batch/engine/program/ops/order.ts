/** Order where values need none; knows no memory. */
import { emitOne } from '../graph.ts';
import type { Tensor } from '../tensor.ts';

/**
 * `x`, but not before all of `earlier` are known. An executor computes at once what it can; this makes one part of a
 * program begin when another is done, so that they need not be in memory together. `earlier` has no part in the value:
 * no gradient goes there.
 */
export function waitFor(x: Tensor, earlier: readonly Tensor[]): Tensor {
  if (earlier.length === 0) return x;
  return emitOne(x.node.graph, 'waitFor', [x], { earlier: earlier.map(({ node }) => node) }, x);
}

/** Where a program sees only some examples of its batch; knows no loss and no layer. */
import { EngineError } from '../errors.ts';
import { type Graph, place } from './graph.ts';

/** Builds what sees a part of the batch. */
export function buildPart<T>(graph: Graph, build: () => T): T {
  const before = graph.partial;
  graph.partial = true;
  try {
    return build();
  } finally {
    graph.partial = before;
  }
}

/**
 * Layers whose result for one example depends on the others call this, with what they do.
 *
 * @throws EngineError BATCH where only a part of the batch is there.
 */
export function requireWholeBatch(graph: Graph, layer: string, does: string): void {
  if (!graph.partial) return;
  throw new EngineError(
    'BATCH',
    `${layer}: ${does} over the whole batch, of which only a part is in ${place(graph)}: ` +
      'train without micro-batches, or with a layer that looks at each example alone',
  );
}

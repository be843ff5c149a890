/** What keeps all its digits under every policy of precision; knows no policy. */
import type { Graph } from './graph.ts';

/** Builds what is computed with the program's own precision, as is all that follows from its values. */
export function buildWide<T>(graph: Graph, build: () => T): T {
  const before = graph.wide;
  graph.wide = () => true;
  try {
    return build();
  } finally {
    graph.wide = before;
  }
}

/** A vector for each class; knows not what is made of it. */
import { type Graph, gather, type Init, type State, state, type Tensor } from '../../engine/program/index.ts';
import { normal } from './initial.ts';
import type { Values } from './layer.ts';

/** A table that is looked up by class. */
export interface Embedding {
  readonly weights: readonly State[];
  /** `labels` int32 `[n]`, each below the number of classes → `[n, size]`: one-hot vectors times the table. */
  apply(labels: Tensor, values: Values): Tensor;
}

/** State: `<name>/table` `[classes, size]`, normal numbers of deviation 1 by default. */
export function embedding(
  graph: Graph,
  name: string,
  { classes, size, init = normal(1) }: { classes: number; size: number; init?: Init },
): Embedding {
  const table = state(graph, `${name}/table`, [classes, size], { init });
  return { weights: [table], apply: (labels, values) => gather(values(table), labels) };
}

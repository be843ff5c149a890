/** Scalars that follow a schedule: computed on the host in float64, fed as one vector; knows no schedule. */
import { element, feed, type Graph, type Tensor } from '../engine/program/index.ts';
import type { TensorValue } from '../engine/session.ts';

/** Which place of the vector a name has. One feed for all of them: each feed of a call has a price of its own. */
export interface Scalars<Name extends string> {
  /** Declares the feed `schedule`, float32, in the open signature; gives its scalars by name. */
  feed(graph: Graph): (name: Name) => Tensor;
  /** What to feed. */
  value(scalars: Readonly<Record<Name, number>>): TensorValue;
}

export function scalarVector<const Name extends string>(names: readonly Name[]): Scalars<Name> {
  const shape = [names.length];
  return {
    feed(graph) {
      const vector = feed(graph, 'schedule', 'float32', shape);
      return (name) => element(vector, names.indexOf(name));
    },
    value: (scalars) => ({ dtype: 'float32', shape, data: Float32Array.from(names, (name) => scalars[name]) }),
  };
}

/** The signature that fills a program's state for the first time; knows no checkpoint. */
import type { Graph } from './graph.ts';
import { concat } from './ops/arrange.ts';
import { constant, filled } from './ops/constant.ts';
import { scale, shift } from './ops/elementwise.ts';
import { readImages } from './ops/images.ts';
import { randomNormal, randomUniform, streamKey } from './ops/random.ts';
import { update } from './ops/update.ts';
import { signature } from './signature.ts';
import { INIT, type State } from './state.ts';
import type { Tensor } from './tensor.ts';
import { current } from './version.ts';

/**
 * Adds the signature `init`: every state takes its initial value, and `ready` (1) is fetched. Random ones are keyed by
 * (seed, 0, 0, `init/<name>`): step 0 belongs to them, and one state's values do not depend on which others there are.
 */
export function initialise(graph: Graph, seed: number): void {
  const states = [...graph.states.values()];
  signature(graph, INIT, () => {
    for (const declared of states) update(current(declared), initialValue(declared, seed));
    return { ready: constant(graph, [1], []) };
  });
}

function initialValue({ graph, name, shape, dtype, init }: State, seed: number): Tensor {
  const key = () => streamKey(constant(graph, [seed | 0, 0, 0], [3], 'int32'), `init/${name}`);
  switch (init.kind) {
    case 'fill':
      return filled(graph, init.value, shape, dtype);
    case 'normal':
      return scale(randomNormal(key(), shape), init.deviation);
    case 'uniform':
      return shift(scale(randomUniform(key(), shape), 2 * init.limit), -init.limit);
    case 'copy':
      return initialValue(init.of, seed);
    case 'images': {
      const [first, ...rest] = init.shards.map(({ file, count }) =>
        readImages(graph, file, [count, ...shape.slice(1)]),
      );
      if (first === undefined) throw new RangeError(`${name}: a data set without files`);
      return concat([first, ...rest]);
    }
  }
}

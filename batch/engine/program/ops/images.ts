/** Images that enter a program from files; knows no data set. */
import { emitOne, type Graph } from '../graph.ts';
import type { Shape, Tensor } from '../tensor.ts';

/** The array of an uint8 `.npy` file: its last `size(shape)` bytes, whatever its header. */
export function readImages(graph: Graph, file: string, shape: Shape): Tensor {
  return emitOne(graph, 'readImages', [], { file }, { dtype: 'uint8', shape });
}

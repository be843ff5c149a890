/** Numbers for tests: normal, fixed for ever. */
import { normals } from '../../models/normals.ts';

/** `count` normal numbers of a stream. */
export function samples(count: number, stream = 0, deviation = 1): Float32Array {
  return normals(count, 20140610, stream).map((value) => value * deviation);
}

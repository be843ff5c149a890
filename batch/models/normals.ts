/** Normal numbers on the host, a pure function of seed and stream; knows no use of them. */
import { philox } from '../engine/philox.ts';

/** `count` normal numbers of mean 0 and deviation 1 (Box and Muller 1958), by seed and stream. */
export function normals(count: number, seed: number, stream: number): Float32Array {
  const values = new Float32Array(count);
  for (let block = 0; 4 * block < count; block++) {
    const [a, b, c, d] = philox([block, 0, 0, 0], [seed | 0, stream | 0]);
    values.set([...boxMuller(a, b), ...boxMuller(c, d)].slice(0, count - 4 * block), 4 * block);
  }
  return values;
}

function boxMuller(a: number, b: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32));
  const angle = 2 * Math.PI * (b / 2 ** 32);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

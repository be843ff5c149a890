/** Philox, the generator behind every random number of Ganway, here and in TensorFlow; knows no use of them. */

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

type Block = readonly [number, number, number, number];

/** Philox 4×32-10 (Salmon et al. 2011): four uint32 for each counter of four 32-bit words and key of two. */
export function philox(counter: Block, key: readonly [number, number]): Block {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [left, right] = [c0, c2];
    c0 = highProduct(MULTIPLIERS[1], right) ^ c1 ^ k0;
    c1 = Math.imul(MULTIPLIERS[1], right);
    c2 = highProduct(MULTIPLIERS[0], left) ^ c3 ^ k1;
    c3 = Math.imul(MULTIPLIERS[0], left);
    k0 = (k0 + WEYL[0]) | 0;
    k1 = (k1 + WEYL[1]) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** Upper 32 bits of a 64-bit product, by halves: no partial sum passes 2³². */
function highProduct(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (other >>> 16);
}

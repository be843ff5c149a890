/** Random numbers on the host, a pure function of key and counter; knows no use of them. */

const MULTIPLIERS = [0xd2511f53n, 0xcd9e8d57n] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

type Block = readonly [number, number, number, number];

/** Philox 4×32-10 (Salmon et al. 2011): four uint32 for each counter of four uint32 and key of two. */
export function philox(counter: Block, key: readonly [number, number]): Block {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const left = MULTIPLIERS[0] * BigInt(c0 >>> 0);
    const right = MULTIPLIERS[1] * BigInt(c2 >>> 0);
    [c0, c1, c2, c3] = [high(right) ^ c1 ^ k0, low(right), high(left) ^ c3 ^ k1, low(left)];
    k0 = (k0 + WEYL[0]) | 0;
    k1 = (k1 + WEYL[1]) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

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

const low = (product: bigint): number => Number(product & 0xffffffffn);
const high = (product: bigint): number => Number(product >> 32n);

/** Numbers for every pair of rows of two matrices, block by block, so that memory stays bounded; knows no metric. */
import type { Matrix } from './matrix.ts';

/** A part of all pairs. `values` is `[rows, columns]` in C order and is overwritten by the next block. */
export interface Block {
  readonly firstRow: number;
  readonly rows: number;
  readonly firstColumn: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export interface PairOptions {
  /** For two times the same matrix: only the blocks on and above the diagonal. */
  readonly upper?: boolean;
}

/** Rows of `a` in a block. */
const ROWS = 32;
/** Rows of `b` that meet all rows of a block before the next ones are fetched: they stay in the cache. */
const TILE = 32;

/** The scalar products of all rows of `a` with all rows of `b`. */
export function forEachProduct(a: Matrix, b: Matrix, visit: (block: Block) => void, options: PairOptions = {}): void {
  forEachBlock(a, b, products, visit, options);
}

/**
 * The squared Euclidean distances of all rows of `a` to all rows of `b`: sums of squared differences, which are exactly 0
 * for equal rows, unlike ‖a‖² + ‖b‖² - 2ab.
 */
export function forEachDistance(a: Matrix, b: Matrix, visit: (block: Block) => void, options: PairOptions = {}): void {
  forEachBlock(a, b, distances, visit, options);
}

/** A·Bᵀ: the scalar products as one matrix `[a.rows, b.rows]`. */
export function productOf(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.rows);
  forEachProduct(a, b, (block) => values.set(block.values, block.firstRow * b.rows));
  return { rows: a.rows, columns: b.rows, values };
}

/**
 * Two rows of `a` against four rows of `b`, which begin at these places: each number read serves several pairs. `out` has
 * the four results of the first row and then those of the second.
 */
type Kernel = (
  a: Float64Array,
  a0: number,
  a1: number,
  b: Float64Array,
  b0: number,
  b1: number,
  b2: number,
  b3: number,
  length: number,
  out: Float64Array,
) => void;

function forEachBlock(
  a: Matrix,
  b: Matrix,
  kernel: Kernel,
  visit: (block: Block) => void,
  { upper = false }: PairOptions,
): void {
  const length = a.columns;
  const whole = new Float64Array(ROWS * b.rows);
  const eight = new Float64Array(8);
  for (let firstRow = 0; firstRow < a.rows; firstRow += ROWS) {
    const rows = Math.min(ROWS, a.rows - firstRow);
    const firstColumn = upper ? firstRow : 0;
    const columns = b.rows - firstColumn;
    const values = whole.subarray(0, rows * columns);
    for (let tile = 0; tile < columns; tile += TILE) {
      const last = Math.min(columns, tile + TILE) - 1;
      for (let i = 0; i < rows; i += 2) {
        // A row past the end is the last one once more: its results are written twice.
        const [i1, a0] = [Math.min(i + 1, rows - 1), (firstRow + i) * length];
        const a1 = (firstRow + i1) * length;
        for (let j = tile; j <= last; j += 4) {
          const j1 = Math.min(j + 1, last);
          const j2 = Math.min(j + 2, last);
          const j3 = Math.min(j + 3, last);
          const b0 = (firstColumn + j) * length;
          const b1 = (firstColumn + j1) * length;
          const b2 = (firstColumn + j2) * length;
          const b3 = (firstColumn + j3) * length;
          kernel(a.values, a0, a1, b.values, b0, b1, b2, b3, length, eight);
          const [upperRow, lowerRow] = [i * columns, i1 * columns];
          values[upperRow + j] = eight[0] ?? 0;
          values[upperRow + j1] = eight[1] ?? 0;
          values[upperRow + j2] = eight[2] ?? 0;
          values[upperRow + j3] = eight[3] ?? 0;
          values[lowerRow + j] = eight[4] ?? 0;
          values[lowerRow + j1] = eight[5] ?? 0;
          values[lowerRow + j2] = eight[6] ?? 0;
          values[lowerRow + j3] = eight[7] ?? 0;
        }
      }
    }
    visit({ firstRow, rows, firstColumn, columns, values });
  }
}

const products: Kernel = (a, a0, a1, b, b0, b1, b2, b3, length, out) => {
  let p0 = 0;
  let p1 = 0;
  let p2 = 0;
  let p3 = 0;
  let q0 = 0;
  let q1 = 0;
  let q2 = 0;
  let q3 = 0;
  for (let k = 0; k < length; k++) {
    const x = a[a0 + k] ?? 0;
    const y = a[a1 + k] ?? 0;
    const u = b[b0 + k] ?? 0;
    const v = b[b1 + k] ?? 0;
    const w = b[b2 + k] ?? 0;
    const z = b[b3 + k] ?? 0;
    p0 += x * u;
    p1 += x * v;
    p2 += x * w;
    p3 += x * z;
    q0 += y * u;
    q1 += y * v;
    q2 += y * w;
    q3 += y * z;
  }
  out[0] = p0;
  out[1] = p1;
  out[2] = p2;
  out[3] = p3;
  out[4] = q0;
  out[5] = q1;
  out[6] = q2;
  out[7] = q3;
};

const distances: Kernel = (a, a0, a1, b, b0, b1, b2, b3, length, out) => {
  let p0 = 0;
  let p1 = 0;
  let p2 = 0;
  let p3 = 0;
  let q0 = 0;
  let q1 = 0;
  let q2 = 0;
  let q3 = 0;
  for (let k = 0; k < length; k++) {
    const x = a[a0 + k] ?? 0;
    const y = a[a1 + k] ?? 0;
    const u = b[b0 + k] ?? 0;
    const v = b[b1 + k] ?? 0;
    const w = b[b2 + k] ?? 0;
    const z = b[b3 + k] ?? 0;
    p0 += (x - u) * (x - u);
    p1 += (x - v) * (x - v);
    p2 += (x - w) * (x - w);
    p3 += (x - z) * (x - z);
    q0 += (y - u) * (y - u);
    q1 += (y - v) * (y - v);
    q2 += (y - w) * (y - w);
    q3 += (y - z) * (y - z);
  }
  out[0] = p0;
  out[1] = p1;
  out[2] = p2;
  out[3] = p3;
  out[4] = q0;
  out[5] = q1;
  out[6] = q2;
  out[7] = q3;
};

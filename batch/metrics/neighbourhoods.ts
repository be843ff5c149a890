/** How two clouds of samples cover each other, by balls around samples that reach to their k-th neighbours; knows no features. */
import type { Matrix } from './matrix.ts';
import { forEachDistance } from './pairs.ts';

export interface Neighbourhoods {
  /** Share of fakes that lie within a real ball: how good they are (Kynkäänniemi et al. 2019, arXiv:1904.06991). */
  readonly precision: number;
  /** Share of reals that lie within a fake ball: how much of the real is covered (the same paper). */
  readonly recall: number;
  /** Real balls a fake lies within, divided by k: 1 is expected of equals (Naeem et al. 2020, arXiv:2002.09797). */
  readonly density: number;
  /** Share of reals whose ball holds a fake (the same paper). */
  readonly coverage: number;
}

/**
 * A ball reaches to the k-th nearest other sample of its own cloud. Precision and recall count what lies on its edge, as
 * their authors do; density and coverage do not, as theirs do.
 *
 * @param k below the number of rows of either
 */
export function neighbourhoods(real: Matrix, fake: Matrix, k: number): Neighbourhoods {
  const [realReach, fakeReach] = [reaches(real, k), reaches(fake, k)];
  const good = new Uint8Array(fake.rows);
  let [covered, reached, within] = [0, 0, 0];
  forEachDistance(real, fake, ({ firstRow, rows, columns, values }) => {
    for (let i = 0; i < rows; i++) {
      const reach = realReach[firstRow + i] ?? 0;
      let [isCovered, inside] = [0, 0];
      for (let j = 0; j < columns; j++) {
        const distance = values[i * columns + j] ?? 0;
        if (distance <= reach) {
          good[j] = 1;
          if (distance < reach) inside++;
        }
        if (distance <= (fakeReach[j] ?? 0)) isCovered = 1;
      }
      covered += isCovered;
      within += inside;
      if (inside > 0) reached++;
    }
  });
  return {
    precision: good.reduce((sum, one) => sum + one, 0) / fake.rows,
    recall: covered / real.rows,
    density: within / (k * fake.rows),
    coverage: reached / real.rows,
  };
}

/** Squared distance of each row to its k-th nearest other row. */
function reaches(x: Matrix, k: number): Float64Array {
  const nearest = new Float64Array(x.rows * k).fill(Number.POSITIVE_INFINITY);
  forEachDistance(
    x,
    x,
    ({ firstRow, rows, columns, values }) => {
      for (let i = 0; i < rows; i++) {
        for (let j = i + 1; j < columns; j++) {
          const distance = values[i * columns + j] ?? 0;
          keepNearest(nearest, firstRow + i, k, distance);
          keepNearest(nearest, firstRow + j, k, distance);
        }
      }
    },
    { upper: true },
  );
  return Float64Array.from({ length: x.rows }, (_, row) => nearest[row * k + k - 1] ?? 0);
}

/** Keeps the k smallest distances of a row in ascending order. */
function keepNearest(nearest: Float64Array, row: number, k: number, distance: number): void {
  let place = row * k + k - 1;
  if (distance >= (nearest[place] ?? 0)) return;
  for (; place > row * k && distance < (nearest[place - 1] ?? 0); place--) nearest[place] = nearest[place - 1] ?? 0;
  nearest[place] = distance;
}

/** Fréchet's distance of two clouds of features, each taken for a Gaussian; knows nothing of how features came about. */
import { Matrix as Dense, SingularValueDecomposition } from 'ml-matrix';
import type { Matrix } from './matrix.ts';
import { factorOf, type Moments, momentsOf } from './moments.ts';
import { productOf } from './pairs.ts';

/**
 * ‖μ₁ - μ₂‖² + tr(Σ₁ + Σ₂ - 2(Σ₁Σ₂)^½) (Dowson and Landau 1982; Heusel et al. 2017, arXiv:1706.08500). On features of Inception it
 * is the FID. It is biased by the number of rows: compare equal numbers only.
 */
export function frechetDistance(real: Matrix, fake: Matrix): number {
  return frechetOfMoments(momentsOf(real), momentsOf(fake));
}

export function frechetOfMoments(real: Moments, fake: Moments): number {
  const n = real.mean.length;
  let distance = -2 * traceOfRoot(real.covariance, fake.covariance);
  for (let i = 0; i < n; i++) {
    const difference = (real.mean[i] ?? 0) - (fake.mean[i] ?? 0);
    const variances = (real.covariance.values[i * n + i] ?? 0) + (fake.covariance.values[i * n + i] ?? 0);
    distance += difference * difference + variances;
  }
  return Math.max(0, distance); // the rest of a cancellation may be below
}

/**
 * tr((Σ₁Σ₂)^½), the sum of the roots of the eigenvalues of the symmetric Σ₁^½ Σ₂ Σ₁^½. With Σ = FᵀF those roots are the singular
 * values of F₂F₁ᵀ. So no eigenvalue's rounding goes through a root, where 1e-16 becomes 1e-8: covariances of fewer samples than
 * features, whose eigenvalues are mostly 0, are exact too.
 */
function traceOfRoot(first: Matrix, second: Matrix): number {
  const { rows, columns, values } = productOf(factorOf(second), factorOf(first));
  if (rows === 0 || columns === 0) return 0;
  const { diagonal } = new SingularValueDecomposition(Dense.from1DArray(rows, columns, values), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  return diagonal.reduce((sum, value) => sum + value, 0);
}

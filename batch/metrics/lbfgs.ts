/** The minimum of a smooth function by its gradient; knows no function. */

/** Writes the gradient at `x` into `gradient` and returns the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** Largest component of the gradient at the end. */
  readonly tolerance: number;
  readonly iterations: number;
}

/** Steps whose curvature is remembered. */
const MEMORY = 10;

/** L-BFGS with a step that is halved until it descends (Nocedal and Wright 2006, algorithm 7.5; Armijo's condition). */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { tolerance, iterations }: MinimiseOptions,
): Float64Array {
  let [x, gradient] = [start.slice(), new Float64Array(start.length)];
  let value = objective(x, gradient);
  const memory: { step: Float64Array; change: Float64Array; curvature: number }[] = [];
  for (let iteration = 0; iteration < iterations && largest(gradient) > tolerance; iteration++) {
    const direction = gradient.map((one) => -one);
    const shares = memory.map(() => 0);
    for (let k = memory.length - 1; k >= 0; k--) {
      const past = memory[k];
      if (!past) continue;
      shares[k] = dot(past.step, direction) / past.curvature;
      addTo(direction, past.change, -(shares[k] ?? 0));
    }
    const newest = memory.at(-1);
    const scale = newest ? newest.curvature / dot(newest.change, newest.change) : 1 / Math.max(1, norm(gradient));
    for (let i = 0; i < direction.length; i++) direction[i] = (direction[i] ?? 0) * scale;
    memory.forEach((past, k) => {
      addTo(direction, past.step, (shares[k] ?? 0) - dot(past.change, direction) / past.curvature);
    });
    const slope = dot(gradient, direction);
    const moved = descend(objective, x, value, direction, slope);
    if (!moved) break; // rounding is all that is left
    const step = moved.x.map((one, i) => one - (x[i] ?? 0));
    const change = moved.gradient.map((one, i) => one - (gradient[i] ?? 0));
    const curvature = dot(step, change);
    if (curvature > 0) memory.push({ step, change, curvature });
    if (memory.length > MEMORY) memory.shift();
    ({ x, gradient, value } = moved);
  }
  return x;
}

function descend(objective: Objective, from: Float64Array, value: number, direction: Float64Array, slope: number) {
  for (let length = 1; length > 1e-12; length /= 2) {
    const x = from.slice();
    addTo(x, direction, length);
    const gradient = new Float64Array(x.length);
    const reached = objective(x, gradient);
    if (reached <= value + 1e-4 * length * slope) return { x, gradient, value: reached };
  }
  return null;
}

function addTo(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (other[i] ?? 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

const norm = (x: Float64Array): number => Math.sqrt(dot(x, x));
const largest = (x: Float64Array): number => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

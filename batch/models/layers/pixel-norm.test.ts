/** Pixel norm against its definition. */
import { test } from 'vitest';
import { pixelNorm } from './pixel-norm.ts';
import { evaluate, floats } from './testing/evaluate.ts';
import { average, expectClose } from './testing/numbers.ts';

test.each([[[2, 3, 3, 4]], [[5, 4]]])('every vector of %j has a mean square of 1 and its own direction', (shape) => {
  const inputs = { x: floats(shape) };
  const { outputs } = evaluate(inputs, () => ({ x }) => ({ y: pixelNorm(x) }));
  const x = [...inputs.x.data];
  for (let from = 0; from < x.length; from += 4) {
    const vector = x.slice(from, from + 4);
    const length = Math.sqrt(average(vector.map((value) => value ** 2)) + 1e-8);
    expectClose(
      outputs.y.slice(from, from + 4),
      vector.map((value) => value / length),
    );
  }
});

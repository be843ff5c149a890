/** Resampling convolutions against the operations that they are made of. */
import { describe, expect, test } from 'vitest';
import { read } from '../../engine/program/index.ts';
import { downsampling, upsampling } from './resample.ts';
import { evaluate, floats } from './testing/evaluate.ts';
import { at, average, convolved, count, expectClose } from './testing/numbers.ts';

describe('resampling', () => {
  const inputs = { x: floats([2, 3, 4, 2]) };
  const enlarged = (image: readonly number[], channels: number) =>
    count(6 * 8 * channels).map((index) => {
      const [y, x] = [Math.floor(index / channels / 8), Math.floor(index / channels) % 8];
      return at(image, (Math.floor(y / 2) * 4 + Math.floor(x / 2)) * channels + (index % channels));
    });

  test.each([1, 3])('doubles every pixel and convolves: kernel of side %i', (size) => {
    const { outputs, state, names } = evaluate(inputs, (graph) => {
      const layer = upsampling(graph, 'up', { size, inputs: 2, outputs: 3 });
      return ({ x }) => ({ y: layer.apply(x, read) });
    });
    const [kernel, bias] = [state('up/kernel'), state('up/bias')];
    const expected = [0, 1].flatMap((example) => {
      const image = [...inputs.x.data].slice(example * 24, (example + 1) * 24);
      return convolved(enlarged(image, 2), { height: 6, width: 8 }, kernel, size, bias);
    });
    expectClose(outputs.y, expected, 11);
    expect(names).toEqual(['up/kernel', 'up/bias']);
  });

  test('averages four pixels, at odd edges fewer, and convolves', () => {
    const { outputs, state } = evaluate(inputs, (graph) => {
      const layer = downsampling(graph, 'down', { size: 1, inputs: 2, outputs: 3 });
      return ({ x }) => ({ y: layer.apply(x, read) });
    });
    const expected = [0, 1].flatMap((example) => {
      const pixel = (y: number, x: number, channel: number) =>
        y < 3 ? [at([...inputs.x.data], example * 24 + (y * 4 + x) * 2 + channel)] : [];
      const means = count(2 * 2 * 2).map((index) => {
        const [y, x, channel] = [2 * Math.floor(index / 4), 2 * (Math.floor(index / 2) % 2), index % 2];
        const seen = [0, 1].flatMap((dy) => [0, 1].flatMap((dx) => pixel(y + dy, x + dx, channel)));
        return average(seen);
      });
      return convolved(means, { height: 2, width: 2 }, state('down/kernel'), 1, state('down/bias'));
    });
    expectClose(outputs.y, expected, 11);
  });
});

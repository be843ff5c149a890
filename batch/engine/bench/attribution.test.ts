/** Kernels of a traced call, as TensorFlow has run them, by layer. */
import { expect, test } from 'vitest';
import { openCapi } from '../executors/capi/session.ts';
import type { KernelRun } from '../executors/capi/trace.ts';
import { countFlops } from '../program/count.ts';
import {
  biasAdd,
  conv2d,
  createGraph,
  finish,
  leakyRelu,
  matMul,
  randomNormal,
  read,
  reshape,
  signature,
  state,
  streamKey,
} from '../program/index.ts';
import { initialise } from '../program/init.ts';
import { feed } from '../program/signature.ts';
import { using } from '../testing/differences.ts';
import { nativeDir } from '../testing/native.ts';
import { attribute } from './attribution.ts';

const program = (() => {
  const graph = createGraph();
  const normal = (name: string, shape: readonly number[]) =>
    state(graph, name, shape, { init: { kind: 'normal', deviation: 0.1 } });
  const [kernel, bias] = [normal('net/stage1/kernel', [3, 3, 16, 16]), normal('net/stage1/bias', [16])];
  const head = normal('net/head/kernel', [8 * 8 * 16, 4]);
  signature(graph, 'call', () => {
    const images = randomNormal(streamKey(feed(graph, 'key', 'int32', [3]), 'images'), [4, 8, 8, 16]);
    const maps = leakyRelu(biasAdd(conv2d(images, read(kernel), 1), read(bias)), 0.2);
    return { logits: matMul(reshape(maps, [4, 8 * 8 * 16]), read(head)) };
  });
  initialise(graph, 1);
  return finish(graph);
})();

test('a traced call is what its layers took; a fused kernel has the operations of all its parts', () => {
  const calls: (readonly KernelRun[])[] = [];
  const key = { dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 3) } as const;
  using(
    openCapi(program, nativeDir, 'flat', (kernels) => calls.push(kernels)),
    (session) => {
      session.call('init');
      session.call('call', { key });
      session.call('call', { key });
    },
  );
  const shares = attribute(program, 'call', calls.slice(1));
  const of = (layer: string) => shares.filter((share) => share.layer === layer);
  expect(of('net/stage1').some(({ op }) => /FusedConv2D$/.test(op))).toBe(true);
  expect(shares.map(({ op }) => op)).not.toContain('LeakyRelu');
  const flops = (some: typeof shares) => some.reduce((sum, share) => sum + share.flops, 0);
  const pixels = 4 * 8 * 8;
  // Of each pixel and map: 2 · 3 · 3 · 16 for the products, one for the bias, one for the activation.
  expect(flops(of('net/stage1'))).toBe(pixels * 16 * (2 * 9 * 16 + 2));
  expect(flops(of('net/head'))).toBe(2 * 4 * 8 * 8 * 16 * 4);
  expect(flops(shares)).toBe(countFlops(program, 'call'));
  for (const { milliseconds, count } of shares) {
    expect(milliseconds).toBeGreaterThanOrEqual(0);
    expect(count).toBeGreaterThan(0);
  }
});

/** What of two machines and engines is not the same. */
import { expect, test } from 'vitest';
import type { Numerics } from '../protocol.ts';
import { differing, lackOfGpu } from './numerics.ts';

const numerics: Numerics = {
  executor: 'tensorflow',
  engine: 2,
  library: 'TensorFlow 2.21.0',
  device: 'cpu',
  instructionSet: 'x64 avx2',
  threads: 2,
  precision: 'float32',
  flags: ['TF_ENABLE_ONEDNN_OPTS=1'],
};

test('equal numerics do not differ', () => {
  expect(differing(numerics, structuredClone(numerics))).toEqual([]);
});

test('what differs is named, another engine first', () => {
  expect(differing(numerics, { ...numerics, engine: 3, threads: 4 })).toEqual(['engine', 'threads']);
});

test('a checkpoint from before engines had revisions is of another one', () => {
  const { engine: _, ...first } = numerics;
  expect(differing(first, numerics)).toEqual(['engine']);
});

test('a run that was given a GPU says when it computes without one', () => {
  expect(lackOfGpu({ gpus: 1 }, { device: 'cpu AMD EPYC' })).toMatch(/found none .*cpu AMD EPYC.*ganway doctor/);
  expect(lackOfGpu({ gpus: 1 }, { device: 'gpu NVIDIA L4' })).toBeNull();
  expect(lackOfGpu({ gpus: 0 }, { device: 'cpu AMD EPYC' })).toBeNull();
});

import { expect, it } from 'vitest';
import { numericFlags, trainerEnvironment } from './environment.ts';

const resources = { threads: 3, gpus: 0, memoryMb: 2048 };

it('fixes the threads that the spec fixes, because sums are rounded by them', () => {
  const { TF_NUM_INTRAOP_THREADS, TF_NUM_INTEROP_THREADS, OMP_NUM_THREADS } = trainerEnvironment(resources);
  expect([TF_NUM_INTRAOP_THREADS, TF_NUM_INTEROP_THREADS, OMP_NUM_THREADS]).toEqual(['3', '3', '3']);
});

it('takes memory of a GPU as it is needed, so that others may use the rest', () => {
  expect(trainerEnvironment({ ...resources, gpus: 1 }).TF_FORCE_GPU_ALLOW_GROWTH).toBe('true');
});

it('hides the GPUs of the machine from a run that has none, and leaves the choice to the queue otherwise', () => {
  expect(trainerEnvironment(resources).CUDA_VISIBLE_DEVICES).toBe('-1');
  expect(trainerEnvironment({ ...resources, gpus: 1 })).not.toHaveProperty('CUDA_VISIBLE_DEVICES');
});

it('forbids TF32 on a GPU unless that is what the run computes in, whatever its machine says of it', () => {
  const override = (precision?: 'FP32' | 'TF32' | 'BF16') =>
    trainerEnvironment({ ...resources, gpus: 1, ...(precision && { precision }) }).NVIDIA_TF32_OVERRIDE;
  expect([override('FP32'), override('BF16'), override()]).toEqual(['0', '0', '0']);
  expect(override('TF32')).toBe('1');
  expect(trainerEnvironment(resources)).not.toHaveProperty('NVIDIA_TF32_OVERRIDE');
});

it('has one numeric flag for each variable that changes bits, on the device where it does', () => {
  expect(numericFlags(resources)).toEqual(['TF_ENABLE_ONEDNN_OPTS=1']);
  expect(numericFlags({ ...resources, threads: 8 })).toEqual(numericFlags(resources));
  expect(numericFlags({ ...resources, gpus: 1 })).toEqual(['TF_ENABLE_ONEDNN_OPTS=1', 'NVIDIA_TF32_OVERRIDE=0']);
});

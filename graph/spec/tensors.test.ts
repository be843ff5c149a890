import { expect, it } from 'vitest';
import { misfitsOf, misfitText, type TensorType } from './tensors.ts';

const tensor = (name: string, shape: readonly number[], dtype = 'float32'): TensorType => ({ name, dtype, shape });

it('finds nothing between equal lists, whatever their order', () => {
  const [a, b] = [tensor('a', [2, 3]), tensor('b', [])];
  expect(misfitsOf([a, b], [b, a])).toEqual([]);
});

it('names every tensor that is missing, too many, or of another shape or type', () => {
  const given = [tensor('kernel', [4, 8]), tensor('count', [1]), tensor('extra', []), tensor('same', [2])];
  const wanted = [tensor('same', [2]), tensor('kernel', [8, 4]), tensor('count', [1], 'int32'), tensor('bias', [4])];
  expect(misfitsOf(given, wanted).map(misfitText)).toEqual([
    'bias is float32 [4] in this training and missing in the checkpoint',
    'count is float32 [1] in the checkpoint and int32 [1] in this training',
    'extra is float32 [] in the checkpoint and missing in this training',
    'kernel is float32 [4, 8] in the checkpoint and float32 [8, 4] in this training',
  ]);
});

import { describe, expect, it } from 'vitest';
import { memoryOf } from './environment.ts';

describe('memory of the machine', () => {
  it.each<[string, number | undefined, number]>([
    ['is that of the control group where that is less', 2e9, 2e9],
    ['is all of it where the group has no limit', 2 ** 64, 8e9],
    ['is all of it where there is no group', 0, 8e9],
    ['is all of it where nothing is known', undefined, 8e9],
  ])('%s', (_, constrained, memory) => {
    expect(memoryOf(8e9, constrained)).toBe(memory);
  });
});

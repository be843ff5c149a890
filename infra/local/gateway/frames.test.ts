import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameSizes } from './frames.ts';

/** A client's frame of that many bytes (RFC 6455 §5.2). */
function frame(bytes: number): Buffer {
  const length =
    bytes < 126
      ? [bytes]
      : bytes < 65_536
        ? [126, bytes >> 8, bytes & 255]
        : [127, 0, 0, 0, 0, 0, bytes >> 16, (bytes >> 8) & 255, bytes & 255];
  length[0] = (length[0] ?? 0) | 0x80;
  return Buffer.concat([Buffer.from([0x81, ...length]), Buffer.alloc(4, 0xff), Buffer.alloc(bytes, 0x81)]);
}

test('sizes are read wherever the bytes happen to be cut', () => {
  const size = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(125, 126, 65_535, 65_536, 70_000));
  fc.assert(
    fc.property(
      fc.array(size, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1 }),
      (sizes, cuts) => {
        const bytes = Buffer.concat(sizes.map(frame));
        const next = frameSizes();
        const seen: number[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const to = at + (cuts[turn % cuts.length] ?? 1);
          seen.push(...next(bytes.subarray(at, to)));
          at = to;
        }
        expect(seen).toEqual(sizes);
      },
    ),
    { numRuns: 50 },
  );
});

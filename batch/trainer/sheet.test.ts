import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawSheet } from './sheet.ts';

const images = (shape: number[], value: (i: number) => number) => ({
  dtype: 'float32' as const,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => value(i)),
});

describe('sheet', () => {
  it('puts image n into row ⌊n / columns⌋ and keeps every pixel', async () => {
    // Image n is filled with a value of its own.
    const sheet = await drawSheet(
      images([6, 2, 4, 3], (i) => Math.floor(i / 24) / 127.5 - 1),
      3,
      2,
    );
    expect(sheet).toMatchObject({ width: 12, height: 4, columns: 3, rows: 2 });
    const { data, info } = await sharp(sheet.png).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 12, height: 4, channels: 3 });
    const pixel = (x: number, y: number) => data[(y * 12 + x) * 3];
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 12; x++) expect(pixel(x, y)).toBe(Math.floor(y / 2) * 3 + Math.floor(x / 4));
    }
  });

  it('maps -1 … 1 to 0 … 255, clips what is outside and draws NaN black', async () => {
    const values = [-1, 0, 1, -3, 7, Number.NaN];
    const sheet = await drawSheet(
      images([1, 1, 6, 1], (i) => values[i] ?? 0),
      1,
      1,
    );
    const raw = await sharp(sheet.png).toColourspace('b-w').raw().toBuffer();
    expect([...raw]).toEqual([0, 128, 255, 0, 255, 0]);
  });

  it('makes equal bytes of equal images', async () => {
    const noise = () => images([4, 16, 16, 1], (i) => Math.sin(i * i));
    const [a, b] = [await drawSheet(noise(), 2, 2), await drawSheet(noise(), 2, 2)];
    expect(a.png.equals(b.png)).toBe(true);
  });
});

/** A grid of generated images as one PNG; knows neither where the images come from nor where the file goes. */
import sharp from 'sharp';
import type { TensorValue } from '../engine/session.ts';

export interface Sheet {
  readonly png: Buffer;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Draws `[n, height, width, channels]` images in -1 … 1, row by row, without gaps; cells past n stay black. Equal images
 * make equal bytes: lossless, fixed compression, no time and no text in the file.
 *
 * @throws Error where the images are no float32 array of four dimensions with one or three channels.
 */
export async function drawSheet(images: TensorValue, columns: number, rows: number): Promise<Sheet> {
  const { pixels, width, height, channels } = gridOf(images, columns, rows);
  const png = await sharp(pixels, { raw: { width, height, channels } })
    .png({ compressionLevel: 6, adaptiveFiltering: false, palette: false })
    .toBuffer();
  return { png, width, height, columns, rows };
}

interface Grid {
  readonly pixels: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

function gridOf(images: TensorValue, columns: number, rows: number): Grid {
  const [count = 0, cellHeight = 0, cellWidth = 0, channels] = images.shape;
  const { data } = images;
  if (!(data instanceof Float32Array) || images.shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw new Error(`A sheet is drawn from float32 [n, height, width, 1 or 3], not ${images.dtype} [${images.shape}].`);
  }
  const width = columns * cellWidth;
  const height = rows * cellHeight;
  const pixels = new Uint8ClampedArray(width * height * channels);
  const rowLength = cellWidth * channels;
  for (let cell = 0; cell < Math.min(count, columns * rows); cell++) {
    const top = Math.floor(cell / columns) * cellHeight;
    const left = (cell % columns) * cellWidth;
    for (let y = 0; y < cellHeight; y++) {
      const from = (cell * cellHeight + y) * rowLength;
      const to = ((top + y) * width + left) * channels;
      // A clamped array rounds and turns NaN into 0 by itself.
      for (let i = 0; i < rowLength; i++) pixels[to + i] = ((data[from + i] ?? 0) + 1) * 127.5;
    }
  }
  return { pixels, width, height, channels };
}

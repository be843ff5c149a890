/** The `mnist` package's 10,000 real handwritten digits as IDX files; knows no data set and no storage. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;

/** Writes the files of images and labels and returns their names. The package keeps 0 to 1 rounded to two or three digits. */
export async function writeDigits(packageFolder: string, folder: string): Promise<readonly string[]> {
  const digits: Uint8Array[] = [];
  for (let digit = 0; digit < CLASSES; digit++) {
    const text = await readFile(join(packageFolder, 'src', 'digits', `${digit}.json`), 'utf8');
    const { data } = JSON.parse(text) as { data: readonly number[] };
    const pixels = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i++) pixels[i] = Math.round((data[i] ?? 0) * 255);
    digits.push(pixels);
  }
  const order = interleave(digits.map((pixels) => pixels.length / PIXELS));
  const images = idx([order.length, SIDE, SIDE]);
  const labels = idx([order.length]);
  for (const [n, { digit, index }] of order.entries()) {
    images.set(
      digits[digit]?.subarray(index * PIXELS, (index + 1) * PIXELS) ?? [],
      images.length - (order.length - n) * PIXELS,
    );
    labels[labels.length - order.length + n] = digit;
  }
  await writeFile(join(folder, 'digits-images-idx3-ubyte'), images);
  await writeFile(join(folder, 'digits-labels-idx1-ubyte'), labels);
  return ['digits-images-idx3-ubyte', 'digits-labels-idx1-ubyte'];
}

/** An IDX file of unsigned bytes, all zero: magic number, one big-endian word per axis, values. */
function idx(shape: readonly number[]): Buffer {
  const header = 4 + 4 * shape.length;
  const file = Buffer.alloc(shape.reduce((product, size) => product * size, 1) + header);
  file.writeUInt32BE(0x0800 + shape.length, 0);
  for (const [axis, size] of shape.entries()) file.writeUInt32BE(size, 4 + 4 * axis);
  return file;
}

/** Spreads the images of each class evenly over the whole, so that any stretch of the set holds all classes. */
function interleave(counts: readonly number[]): { readonly digit: number; readonly index: number }[] {
  return counts
    .flatMap((count, digit) =>
      Array.from({ length: count }, (_, index) => ({ digit, index, place: (index + 0.5) / count })),
    )
    .sort((a, b) => a.place - b.place || a.digit - b.digit);
}

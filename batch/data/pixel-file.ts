/** A scratch file of equal-sized images: keeps them while it is not known yet how many there are, or whether any has colour. */
import { open } from 'node:fs/promises';
import { writeAll } from './npy.ts';
import { readRecords } from './records.ts';

const WRITE_BYTES = 4 * 1024 * 1024;

export interface PixelFile {
  /** Adds an image: uint8 RGB of the file's size. */
  add(pixels: Uint8Array): Promise<void>;
  /** Writes out what is pending and closes the file. */
  close(): Promise<void>;
  /** Number of images added. */
  count(): number;
  /** True while every image was grey: equal red, green and blue in every pixel. */
  isGrey(): boolean;
  /** The images again, in order, with one channel or three. */
  read(channels: 1 | 3): AsyncIterable<Uint8Array>;
}

/** Begins a file for images of `pixels` pixels each. */
export async function createPixelFile(path: string, pixels: number): Promise<PixelFile> {
  const handle = await open(path, 'w');
  const bytes = pixels * 3;
  const pending = Buffer.alloc(Math.max(1, Math.floor(WRITE_BYTES / bytes)) * bytes);
  let filled = 0;
  let images = 0;
  let grey = true;

  async function flush(): Promise<void> {
    await writeAll(handle, pending.subarray(0, filled));
    filled = 0;
  }

  return {
    async add(rgb) {
      if (rgb.length !== bytes) throw new Error(`An image has ${rgb.length} bytes, not ${bytes}.`);
      grey &&= isGreyImage(rgb);
      pending.set(rgb, filled);
      filled += bytes;
      images += 1;
      if (filled === pending.length) await flush();
    },
    async close() {
      await flush();
      await handle.close();
    },
    count: () => images,
    isGrey: () => grey,
    async *read(channels) {
      for await (const rgb of readRecords(path, 0, bytes, images)) yield channels === 3 ? rgb : firstOfThree(rgb);
    },
  };
}

function isGreyImage(rgb: Uint8Array): boolean {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
}

function firstOfThree(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i++) grey[i] = rgb[i * 3] ?? 0;
  return grey;
}

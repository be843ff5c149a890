/** Turns the bytes of one image file into square RGB pixels; knows no file names. */
import sharp, { type Sharp } from 'sharp';
import { formatPixels, type ImportLimits, Unusable } from './limits.ts';

/** A picture that takes longer is taken for an attack. */
const SECONDS = 60;

export interface PixelSource {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** uint8 `[height, width, channels]`. */
  readonly pixels: Uint8Array;
}

/**
 * Decodes PNG, JPEG, WebP, GIF, TIFF or AVIF, whatever its colours: 16 bits, palettes and CMYK become 8-bit sRGB, alpha lies on
 * white, EXIF rotation is applied, of an animation the first frame counts. The largest centred square is resized with
 * Lanczos (a = 3), which averages where it makes smaller.
 *
 * @returns uint8 `[size, size, 3]`
 * @throws Unusable where the bytes are no such image, are broken, or hold too many pixels
 */
export async function decodeImage(bytes: Uint8Array, size: number, limits: ImportLimits): Promise<Uint8Array> {
  if (bytes.length === 0) throw new Unusable('It is empty.');
  if (!isImage(bytes)) throw new Unusable('It is no PNG, JPEG, WebP, GIF, TIFF or AVIF image.');
  try {
    const image = sharp(bytes, { limitInputPixels: limits.imagePixels, failOn: 'error', sequentialRead: true });
    return await toSquare(image.autoOrient(), size);
  } catch (cause) {
    throw new Unusable(sentence(cause, limits), { cause });
  }
}

/** Centre-crops and resizes pixels that are decoded already; the same pixels where they have the size. */
export async function fitPixels(source: PixelSource, size: number): Promise<Uint8Array> {
  const { width, height, channels, pixels } = source;
  if (width === size && height === size) return channels === 3 ? pixels : spread(pixels);
  return toSquare(sharp(pixels, { raw: { width, height, channels } }), size);
}

async function toSquare(image: Sharp, size: number): Promise<Uint8Array> {
  const { data, info } = await image
    .flatten({ background: '#ffffff' })
    .resize({ width: size, height: size, fit: 'cover', position: 'centre', kernel: 'lanczos3' })
    .toColourspace('srgb')
    .timeout({ seconds: SECONDS })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return data;
  if (info.channels === 1) return spread(data);
  throw new Error(`It decodes to ${info.channels} channels`);
}

/** Grey to RGB. */
function spread(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0, to = 0; i < grey.length; i++) {
    const value = grey[i] ?? 0;
    rgb[to++] = value;
    rgb[to++] = value;
    rgb[to++] = value;
  }
  return rgb;
}

/** By their first bytes, since names lie. */
function isImage(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return (
    start.startsWith('\x89PNG\r\n\x1a\n') ||
    start.startsWith('\xff\xd8\xff') ||
    (start.startsWith('RIFF') && start.endsWith('WEBP')) ||
    /^GIF8[79]a/.test(start) ||
    start.startsWith('II*\0') ||
    start.startsWith('MM\0*') ||
    /^ftypavi[fs]/.test(start.slice(4))
  );
}

function sentence(cause: unknown, limits: ImportLimits): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/pixel limit/i.test(message)) return `It has more than ${formatPixels(limits.imagePixels)}.`;
  if (/timeout/i.test(message)) return `It takes longer than ${SECONDS} s to decode.`;
  return `It is broken or cut off: ${(message.split('\n')[0] ?? '').replace(/[.:\s]+$/, '')}.`;
}

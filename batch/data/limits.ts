/** What an import may cost at most: files, bytes and pixels that somebody else chose. Knows no format. */

export interface ImportLimits {
  /** One image file, bytes, unpacked. */
  readonly imageBytes: number;
  /** One image, pixels before it is made smaller. */
  readonly imagePixels: number;
  /** One IDX or CIFAR file, bytes, unpacked. */
  readonly recordBytes: number;
  /** Files of one upload. */
  readonly files: number;
  /** All of one archive, bytes, unpacked. */
  readonly unpackedBytes: number;
  /** An archive may unpack to so many times its own size, beyond the first GiB. */
  readonly expansion: number;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const DEFAULT_LIMITS: ImportLimits = {
  imageBytes: 64 * MIB,
  imagePixels: 100_000_000,
  recordBytes: 4 * GIB,
  files: 500_000,
  unpackedBytes: 256 * GIB,
  expansion: 100,
};

/** What an import leaves out, and the sentence that says why. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** Thrown where a file, or a whole upload, is to be left out; the message is the sentence the user reads. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

/** A failed call of the operating system: a full disk is nobody's unusable file. */
export function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}

/** Most bytes that an archive of a size may unpack to. */
export function unpackedLimit(archiveBytes: number, limits: ImportLimits): number {
  return Math.min(limits.unpackedBytes, Math.max(GIB, archiveBytes * limits.expansion));
}

/** `64 MiB`, `1.5 GiB`: for sentences. */
export function formatBytes(bytes: number): string {
  const [unit, name] = bytes >= GIB ? [GIB, 'GiB'] : bytes >= MIB ? [MIB, 'MiB'] : [1024, 'KiB'];
  return `${Number((bytes / unit).toFixed(1))} ${name}`;
}

/** `100 megapixels`: for sentences. */
export function formatPixels(pixels: number): string {
  return pixels >= 1e6 ? `${Number((pixels / 1e6).toFixed(1))} megapixels` : `${pixels} pixels`;
}

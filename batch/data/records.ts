/** A file of equal-sized records with one image in each: what IDX and CIFAR files have in common. */
import { type FileHandle, open } from 'node:fs/promises';

export interface RecordSet {
  /** What people call the file. */
  readonly name: string;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Names by label number, or null where there are no labels. */
  readonly classes: readonly string[] | null;
  /** Pixels uint8 `[height, width, channels]` and label number, in the order of the file. */
  read(): AsyncIterable<{ readonly pixels: Uint8Array; readonly label: number }>;
}

const READ_BYTES = 4 * 1024 * 1024;

/** Reads a file in records of a fixed size. Throws where it ends within one. */
export async function* readRecords(
  file: string,
  offset: number,
  bytes: number,
  count: number,
): AsyncGenerator<Uint8Array> {
  const perRead = Math.max(1, Math.floor(READ_BYTES / bytes));
  const handle = await open(file, 'r');
  try {
    for (let done = 0; done < count; ) {
      const records = Math.min(perRead, count - done);
      const chunk = await readExactly(handle, offset + done * bytes, records * bytes);
      for (let i = 0; i < records; i++) yield chunk.subarray(i * bytes, (i + 1) * bytes);
      done += records;
    }
  } finally {
    await handle.close();
  }
}

/** Reads so many bytes at a position. Throws where the file ends before. */
export async function readExactly(handle: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await handle.read(buffer, done, bytes - done, position + done);
    if (bytesRead === 0) throw new Error(`The file ends at byte ${position + done}.`);
    done += bytesRead;
  }
  return buffer;
}

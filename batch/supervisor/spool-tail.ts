/** Reads the lines of a spool as they are written; keeps its place, knows nothing of what they say. */
import { type FileHandle, open } from 'node:fs/promises';

export interface SpoolTail {
  /** Whole lines that are new, in order, at most about a megabyte of them; a half-written one waits for its rest. */
  read(): Promise<string[]>;
  close(): Promise<void>;
}

const CHUNK = 1024 * 1024;

/** @param path may not exist yet */
export function tailSpool(path: string): SpoolTail {
  let file: FileHandle | null = null;
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  const buffer = Buffer.alloc(CHUNK);
  return {
    read: async () => {
      file ??= await openIfThere(path);
      if (!file) return [];
      const { bytesRead } = await file.read(buffer, 0, CHUNK, offset);
      if (bytesRead === 0) return [];
      offset += bytesRead;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf('\n') + 1;
      rest = bytes.subarray(end);
      return bytes.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
    },
    close: async () => {
      await file?.close();
      file = null;
    },
  };
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

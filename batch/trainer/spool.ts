/** Where the trainer puts what it has to say: blobs as files, then a line about them; knows nobody who reads it. */
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type SpoolEvent, WORK } from '../protocol.ts';

export interface Spool {
  /** Absolute path of a place in the spool. */
  path(name: string): string;
  /** Puts a small file there whole or not at all. */
  place(name: string, bytes: Uint8Array): void;
  /** Adds one line. What it names must be in place. @throws where it cannot be written whole; then none can any more */
  say(event: SpoolEvent): void;
  close(): void;
}

/**
 * Opens the spool of a work folder; lines go behind those that are there.
 *
 * @param hint called after every line, so that a reader need not wait for its timer
 */
export function openSpool(workFolder: string, hint: () => void = () => {}): Spool {
  const path = (name: string): string => join(workFolder, WORK.spool, name);
  mkdirSync(path('.'), { recursive: true });
  const lines = openSync(join(workFolder, WORK.events), 'a');
  let broken: Error | null = null;
  return {
    path,
    place: (name, bytes) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(`${name}.part`), bytes);
      renameSync(path(`${name}.part`), path(name));
    },
    say: (event) => {
      // Behind half a line the next one could not be read.
      if (broken) throw broken;
      try {
        writeAll(lines, Buffer.from(`${JSON.stringify(event)}\n`));
      } catch (error) {
        broken = error as Error;
        throw error;
      }
      hint();
    },
    close: () => closeSync(lines),
  };
}

/** A write may be cut short where a disk fills up. */
function writeAll(file: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
}

/** Sorts the files of all uploads into images, record files and those left out; decodes no image. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isCifarName, isCifarNames, isPickledCifar, openCifar } from './cifar.ts';
import { type Entry, isHidden, type Listing, readEntry, tooLarge } from './entry.ts';
import { type IdxFile, isIdx, openIdx, pairIdx } from './idx.ts';
import { type ImportLimits, Unusable } from './limits.ts';
import type { RecordSet } from './records.ts';
import { bounded, firstBytes, gunzip, isGzip, openUpload, scratchPath, type Upload } from './upload.ts';

export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** One thing to decode: a file with an image, or a file with many. */
export type Unit =
  | { readonly kind: 'image'; readonly name: string; readonly entry: Entry }
  | { readonly kind: 'records'; readonly name: string; readonly records: RecordSet };

export interface Inventory {
  /** In the order of the uploads, then of their paths. */
  readonly units: readonly Unit[];
  readonly skipped: readonly Skipped[];
  /** What the set is made from: `zip`, `folder`, `idx`, `cifar`, `images`, or `mixed`. */
  readonly source: string;
  close(): Promise<void>;
}

/** A name of the class file that is larger than this is none. */
const NAMES_BYTES = 1024 * 1024;

/** Lists all uploads. An upload that cannot be opened is left out like any file. `scratch` is an empty folder. */
export async function takeInventory(
  uploads: readonly Upload[],
  scratch: string,
  limits: ImportLimits,
): Promise<Inventory> {
  const skipped: Skipped[] = [];
  const listings: Listing[] = [];
  const units: (Unit & { readonly upload: number })[] = [];
  const idx: (IdxFile & { readonly upload: number; readonly name: string })[] = [];
  const kinds = new Set<string>();
  let unpacked = 0;
  const nextScratch = () => scratchPath(scratch, unpacked++);

  for (const [upload, from] of uploads.entries()) {
    const shown = (path: string) => (uploads.length === 1 || path === from.name ? path : `${from.name}/${path}`);
    await leavingOut(from.name, skipped, async () => {
      const listing = await openUpload(from, nextScratch(), limits);
      listings.push(listing);
      const names = await classNames(listing.entries);
      for (const entry of listing.entries) {
        const name = shown(entry.path);
        await leavingOut(name, skipped, async () => {
          if (isCifarNames(entry.path)) return;
          if (isHidden(entry.path)) throw new Unusable('It is a hidden file or one that the operating system made.');
          if (isPickledCifar(entry.path)) {
            throw new Unusable("It is CIFAR's form for Python. Upload the binary version (cifar-10-binary.tar.gz).");
          }
          const file = await recordFile(entry, nextScratch, limits);
          if (file === null) {
            units.push({ kind: 'image', name, entry, upload });
            kinds.add(listing.kind === 'file' ? 'images' : listing.kind);
          } else if (isIdx(await firstBytes(file))) {
            idx.push({ ...(await openIdx(entry.path, file)), upload, name });
            kinds.add('idx');
          } else {
            units.push({ kind: 'records', name, records: await openCifar(entry.path, file, names), upload });
            kinds.add('cifar');
          }
        });
      }
    });
  }

  const pairs = await pairIdx(idx);
  const nameOf = (path: string) => idx.find((file) => file.path === path);
  for (const records of pairs.sets) {
    const file = nameOf(records.path);
    units.push({ kind: 'records', name: file?.name ?? records.path, records, upload: file?.upload ?? 0 });
  }
  for (const { path, reason } of pairs.skipped) skipped.push({ name: nameOf(path)?.name ?? path, reason });
  units.sort((a, b) => a.upload - b.upload || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const [source = 'images'] = kinds;
  return {
    units,
    skipped,
    source: kinds.size > 1 ? 'mixed' : source,
    close: async () => {
      await Promise.all(listings.map((listing) => listing.close()));
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** Runs a step for one file; where the file is unusable, notes why. */
async function leavingOut(name: string, skipped: Skipped[], step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (cause) {
    if (!(cause instanceof Unusable)) throw cause;
    skipped.push({ name, reason: cause.message });
  }
}

/** Where an entry lies on disk if it may hold records, unpacked there if need be; null where it is to be taken for an image. */
async function recordFile(entry: Entry, scratch: () => string, limits: ImportLimits): Promise<string | null> {
  if (entry.file !== null && isIdx(await firstBytes(entry.file))) return entry.file;
  const named = /idx[1-4]|ubyte/i.test(entry.path) || isCifarName(entry.path);
  if (!named || entry.bytes === 0) return null;
  if (entry.bytes > limits.recordBytes) throw tooLarge(entry.bytes, limits.recordBytes);
  const file = entry.file ?? (await unpack(entry, scratch(), limits));
  const start = await firstBytes(file);
  if (!isGzip(start)) return isIdx(start) || isCifarName(entry.path) ? file : null;
  const plain = scratch();
  await gunzip(createReadStream(file), plain, limits.recordBytes);
  return isIdx(await firstBytes(plain)) || isCifarName(entry.path) ? plain : null;
}

async function unpack(entry: Entry, to: string, limits: ImportLimits): Promise<string> {
  await pipeline(await entry.open(), bounded(limits.recordBytes), createWriteStream(to));
  return to;
}

/** Text of the files of class names, by path. */
async function classNames(entries: readonly Entry[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const entry of entries.filter(({ path }) => isCifarNames(path))) {
    names.set(entry.path, (await readEntry(entry, NAMES_BYTES)).toString('utf8'));
  }
  return names;
}

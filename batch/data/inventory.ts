/** Sorts the files of all uploads into images, record files and those left out; decodes no image. */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { isCifarName, isCifarNames, isPickledCifar, openCifar } from './cifar.ts';
import { type Entry, isHidden, type Listing, readEntry, tooLarge } from './entry.ts';
import { type IdxFile, type IdxPairs, isIdx, openIdx, pairIdx } from './idx.ts';
import { type ImportLimits, type Skipped, Unusable } from './limits.ts';
import type { RecordSet } from './records.ts';
import { firstBytes, gunzip, isGzip, type OpenUpload, openUpload, scratchPath, type Upload, unpack } from './upload.ts';

/** One thing to decode: a file with an image, or a file with many. */
export type Unit = Named &
  ({ readonly kind: 'image'; readonly entry: Entry } | { readonly kind: 'records'; readonly records: RecordSet });

interface Named {
  readonly name: string;
  /** Where it comes from: `zip`, `tar`, `folder`, `images`, `idx` or `cifar`. */
  readonly source: string;
}

export interface Inventory {
  /** In the order of the uploads, then of their paths. */
  readonly units: readonly Unit[];
  readonly skipped: readonly Skipped[];
  close(): Promise<void>;
}

export interface InventoryOptions {
  readonly uploads: readonly Upload[];
  /** An empty folder; removed by `close`. */
  readonly scratch: string;
  readonly limits: ImportLimits;
  /** Looked at between files; what is found until then is returned. */
  readonly signal?: AbortSignal | undefined;
}

/** A file of class names that is larger is none. */
const NAMES_BYTES = 1024 * 1024;

/** Lists all uploads. An upload that cannot be opened is left out like any file. */
export async function takeInventory({ uploads, scratch, limits, signal }: InventoryOptions): Promise<Inventory> {
  const skipped: Skipped[] = [];
  const listings: Listing[] = [];
  const found: Found[] = [];
  let unpacked = 0;
  const nextScratch = () => scratchPath(scratch, unpacked++);

  for (const [number, upload] of uploads.entries()) {
    await leavingOut(upload.name, skipped, async () => {
      const listing = await openUpload(upload, nextScratch(), limits);
      listings.push(listing);
      const names = await classNames(listing.entries);
      for (const entry of listing.entries) {
        if (signal?.aborted === true) return;
        const name = uploads.length === 1 || listing.kind === 'file' ? entry.path : `${upload.name}/${entry.path}`;
        await leavingOut(name, skipped, async () => {
          const what = await inspect(entry, name, { listing, names, limits, nextScratch });
          if (what !== null) found.push({ ...what, upload: number });
        });
      }
    });
  }

  const pairs = await pairIdx(found.flatMap((item) => (item.kind === 'idx' ? [item.idx] : [])));
  const units = found
    .sort((a, b) => a.upload - b.upload || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .flatMap((item) => toUnit(item, pairs.sets));
  return {
    units,
    skipped: [...skipped, ...pairs.skipped],
    close: async () => {
      await Promise.all(listings.map((listing) => listing.close()));
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** What a file turned out to be; which images an IDX file belongs to is known only when all are found. */
type What = Unit | (Named & { readonly kind: 'idx'; readonly idx: IdxFile });
type Found = What & { readonly upload: number };

/** The unit of a find: for IDX the images with their labels, and nothing for the labels themselves. */
function toUnit(item: Found, sets: IdxPairs['sets']): Unit[] {
  if (item.kind !== 'idx') return [item];
  const set = sets.find(({ images }) => images === item.idx);
  return set === undefined ? [] : [{ kind: 'records', name: item.name, source: item.source, records: set.records }];
}

interface Context {
  readonly listing: OpenUpload;
  readonly names: ReadonlyMap<string, string>;
  readonly limits: ImportLimits;
  readonly nextScratch: () => string;
}

/** Null for a file that only says something about others. Throws {@link Unusable} where it is to be left out. */
async function inspect(entry: Entry, name: string, context: Context): Promise<What | null> {
  const { path } = entry;
  if (isHidden(path)) throw new Unusable('It is a hidden file or one that the operating system made.');
  if (isCifarNames(path)) return null;
  if (isPickledCifar(path)) {
    throw new Unusable("It is CIFAR's form for Python. Upload the binary version, cifar-10-binary.tar.gz.");
  }
  const file = await recordFile(entry, context);
  if (file === null) {
    const { kind } = context.listing;
    return { kind: 'image', name, entry, source: kind === 'file' ? 'images' : kind };
  }
  if (isIdx(await firstBytes(file))) return { kind: 'idx', name, idx: await openIdx(name, file), source: 'idx' };
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const records = await openCifar(name, file, (fileName) => context.names.get(folder + fileName));
  return { kind: 'records', name, records, source: 'cifar' };
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

/** Where an entry that may hold records lies on disk, unpacked there if need be; null where it is to be taken for an image. */
async function recordFile(entry: Entry, { limits, nextScratch }: Context): Promise<string | null> {
  const { path, bytes } = entry;
  if (entry.file !== null && isIdx(await firstBytes(entry.file))) return entry.file;
  const named = /idx[1-4]|ubyte/i.test(path) || isCifarName(path);
  if (!named || bytes === 0) return null;
  if (bytes > limits.recordBytes) throw tooLarge(bytes, limits.recordBytes);
  let file = entry.file;
  if (file === null) {
    file = nextScratch();
    await unpack(entry, file, limits.recordBytes);
  }
  if (isGzip(await firstBytes(file))) {
    const plain = nextScratch();
    await gunzip(createReadStream(file), plain, limits.recordBytes);
    file = plain;
  }
  return isIdx(await firstBytes(file)) || isCifarName(path) ? file : null;
}

/** Text of the files of class names, by path. */
async function classNames(entries: readonly Entry[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const entry of entries.filter(({ path }) => isCifarNames(path))) {
    names.set(entry.path, (await readEntry(entry, NAMES_BYTES)).toString('utf8'));
  }
  return names;
}

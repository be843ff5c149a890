/** Makes a data set out of uploads: inventory, decoding, classes, shards. Knows no run and no storage. */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { DatasetManifest } from '../../graph/spec/dataset.ts';
import { assignClasses, type Origin } from './classes.ts';
import { decodeSteps } from './decode-units.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import { DEFAULT_LIMITS, type ImportLimits, type Skipped } from './limits.ts';
import { mapOrdered } from './ordered.ts';
import { createPixelFile, type PixelFile } from './pixel-file.ts';
import { writeShards } from './shards.ts';
import { createSkippedList, type SkippedList } from './skipped.ts';
import type { Upload } from './upload.ts';

export interface BuildOptions {
  readonly uploads: readonly Upload[];
  readonly id: string;
  readonly name: string;
  /** Width and height of the images made, pixels. */
  readonly size: number;
  /** Manifest and shards go here. */
  readonly folder: string;
  /** For intermediate files, as large as all images together and more; made, emptied and removed. */
  readonly scratch: string;
  /** Images decoded at once, beside the one being written. */
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly limits?: ImportLimits;
  /** Called for every file that is left out, as it is met. */
  readonly onSkipped?: (skipped: Skipped) => void;
  /** Called after every image: the share of the work that is done, 0 to 1. */
  readonly onProgress?: (fraction: number) => Promise<void>;
}

export type Built =
  | {
      readonly kind: 'built';
      readonly manifest: DatasetManifest;
      readonly digest: string;
      /** Images whose pixels came up before; they are kept. */
      readonly duplicates: number;
    }
  /** No usable image among all files. */
  | { readonly kind: 'empty'; readonly skipped: DatasetManifest['source']['skipped']; readonly skippedTotal: number }
  | { readonly kind: 'aborted' };

/** Decoding is most of the work; the rest is writing shards. */
const DECODING = 0.9;

/** Builds the set. The same uploads give the same bytes. I/O errors are thrown; unusable files are not errors. */
export async function buildDataset(options: BuildOptions): Promise<Built> {
  const { uploads, scratch, folder, size, limits = DEFAULT_LIMITS, signal } = options;
  const unpacked = join(scratch, 'unpacked');
  await rm(scratch, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  // One thread an image: several images at once use the processor better than several threads in one small image.
  sharp.concurrency(1);
  sharp.cache(false);
  const skipped = createSkippedList(options.onSkipped);
  try {
    const images = await createPixelFile(join(scratch, 'pixels'), size * size);
    let inventory: Inventory | null = null;
    let collected: Collected;
    try {
      inventory = await takeInventory({ uploads, scratch: unpacked, limits, signal });
      collected = await decodeAll(inventory, images, skipped, { ...options, limits });
    } finally {
      await images.close();
      await inventory?.close();
    }
    if (signal?.aborted === true) return { kind: 'aborted' };
    if (images.count() === 0) return { kind: 'empty', ...skipped.summary() };
    const packed = await pack(images, collected, { kind: collected.source, ...skipped.summary() }, options);
    if (packed !== null) return { kind: 'built', ...packed, duplicates: collected.duplicates };
    await rm(folder, { recursive: true, force: true });
    return { kind: 'aborted' };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Collected {
  readonly origins: readonly Origin[];
  /** Index into `origins` of each image. */
  readonly ofImage: readonly number[];
  readonly duplicates: number;
  /** `zip`, `folder`, `idx`, …; `mixed` where the images come from several. */
  readonly source: string;
}

/** Decodes all units in order into the pixel file, until the end or the signal. */
async function decodeAll(
  inventory: Inventory,
  images: PixelFile,
  skipped: SkippedList,
  options: BuildOptions & { readonly limits: ImportLimits },
): Promise<Collected> {
  const { units } = inventory;
  const total = units.reduce((sum, unit) => sum + (unit.kind === 'image' ? 1 : unit.records.count), 0);
  const origins = new Map<Origin, number>();
  const ofImage: number[] = [];
  const seen = new Set<string>();
  const sources = new Set<string>();
  let done = 0;
  inventory.skipped.forEach(skipped.add);
  const steps = decodeSteps(units, options.size, options.limits);
  for await (const decoded of mapOrdered(steps, options.threads + 1, (step) => step())) {
    if (options.signal?.aborted === true) break;
    if (decoded.kind === 'skipped') skipped.add(decoded);
    else {
      await images.add(decoded.pixels);
      const number = origins.get(decoded.origin) ?? origins.size;
      origins.set(decoded.origin, number);
      ofImage.push(number);
      sources.add(decoded.source);
      seen.add(createHash('sha1').update(decoded.pixels).digest('base64').slice(0, 16));
    }
    done += 1;
    await options.onProgress?.((DECODING * done) / Math.max(1, total));
  }
  const [source = 'images'] = sources;
  return {
    origins: [...origins.keys()],
    ofImage,
    duplicates: ofImage.length - seen.size,
    source: sources.size > 1 ? 'mixed' : source,
  };
}

/** Writes manifest and shards; null where it was aborted. */
async function pack(
  images: PixelFile,
  { origins, ofImage }: Collected,
  source: DatasetManifest['source'],
  { folder, id, name, size, signal, onProgress }: BuildOptions,
): Promise<{ readonly manifest: DatasetManifest; readonly digest: string } | null> {
  const { classes, labels } = assignClasses(origins);
  const channels = images.isGrey() ? 1 : 3;
  const count = images.count();
  const writer = await writeShards({
    folder,
    id,
    name,
    images: count,
    width: size,
    height: size,
    channels,
    classes,
    source,
  });
  let written = 0;
  try {
    for await (const pixels of images.read(channels)) {
      if (signal?.aborted === true) break;
      await writer.add(pixels, labels[ofImage[written] ?? 0] ?? 0);
      written += 1;
      await onProgress?.(DECODING + ((1 - DECODING) * written) / count);
    }
    return written === count ? await writer.finish() : null;
  } finally {
    await writer.abandon();
  }
}

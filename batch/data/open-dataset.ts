/** Opens a data set that lies in a folder and proves that its bytes are those of the manifest; reads no pixel. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DatasetManifest, parseManifest } from '../../graph/spec/dataset.ts';
import { sha256 } from '../../graph/storage/json.ts';
import { ITEM_BYTES, type NpyDtype, readNpyHeader } from './npy.ts';

export interface OpenShard {
  /** Absolute path of the uint8 file `[count, height, width, channels]`. */
  readonly images: string;
  /** Absolute path of the uint16 file `[count]`; null where the set has no labels. */
  readonly labels: string | null;
  readonly count: number;
  /** Bytes before the first pixel, and before the first label. */
  readonly imagesOffset: number;
  readonly labelsOffset: number;
}

export interface OpenDataset {
  readonly manifest: DatasetManifest;
  /** sha256 of `manifest.json` as it lies there. */
  readonly digest: string;
  readonly shards: readonly OpenShard[];
}

/** Thrown where a folder does not hold the data set that its manifest, or the spec, describes. */
export class DatasetDamaged extends Error {
  override readonly name = 'DatasetDamaged';
}

/**
 * Reads `manifest.json` of a folder and checks every shard: sha256, dtype and shape.
 *
 * @param folder where manifest and shards lie
 * @param options `digest`: the one the spec pins, checked where given
 * @throws DatasetDamaged where anything differs
 */
export async function openDataset(folder: string, options: { readonly digest?: string } = {}): Promise<OpenDataset> {
  const bytes = await readFile(join(folder, 'manifest.json')).catch((cause: unknown) => {
    throw new DatasetDamaged(`There is no readable manifest.json in ${folder}.`, { cause });
  });
  const digest = sha256(bytes);
  if (options.digest !== undefined && options.digest !== digest) {
    throw new DatasetDamaged(`The data set in ${folder} is not the one the spec pins: its digest is ${digest}.`);
  }
  const manifest = readManifest(folder, bytes);
  const { width, height, channels } = manifest;
  const shards: OpenShard[] = [];
  for (const shard of manifest.shards) {
    const images = inside(folder, shard.images);
    const labels = shard.labels === undefined ? null : inside(folder, shard.labels);
    const imagesOffset = await check(images, shard.sha256, '|u1', [shard.count, height, width, channels]);
    const labelsOffset = labels === null ? 0 : await check(labels, shard.labelsSha256, '<u2', [shard.count]);
    shards.push({ images, labels, count: shard.count, imagesOffset, labelsOffset });
  }
  const counted = shards.reduce((sum, shard) => sum + shard.count, 0);
  if (counted !== manifest.images) {
    throw new DatasetDamaged(`The shards in ${folder} hold ${counted} images, the manifest says ${manifest.images}.`);
  }
  return { manifest, digest, shards };
}

function readManifest(folder: string, bytes: Buffer): DatasetManifest {
  try {
    return parseManifest(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new DatasetDamaged(`The manifest.json in ${folder} is no data set's manifest.`, { cause });
  }
}

/** A shard's name comes from storage: it may not lead out of the folder. */
function inside(folder: string, name: string): string {
  if (name !== basename(name) || name === '' || name === '..') {
    throw new DatasetDamaged(`The shard name ${JSON.stringify(name)} is not a plain file name.`);
  }
  return join(folder, name);
}

/** Checks one file and returns where its values begin. */
async function check(path: string, expectedHash: string | undefined, dtype: NpyDtype, shape: readonly number[]) {
  const hash = createHash('sha256');
  let length = 0;
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), async (chunks) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        length += chunk.length;
      }
    });
  } catch (cause) {
    throw new DatasetDamaged(`The shard ${path} cannot be read.`, { cause });
  }
  if (hash.digest('hex') !== expectedHash)
    throw new DatasetDamaged(`The shard ${path} has other bytes than its manifest says.`);
  const header = await readNpyHeader(path);
  const expected = shape.reduce((product, size) => product * size, ITEM_BYTES[dtype]);
  if (header.dtype !== dtype || header.shape.join() !== shape.join() || length !== header.dataOffset + expected) {
    throw new DatasetDamaged(`The shard ${path} holds ${header.dtype} [${header.shape}], not ${dtype} [${shape}].`);
  }
  return header.dataOffset;
}

/** Writes a data set as .npy shards with a manifest, the same bytes for the same images; knows no source of images. */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatasetManifest, parseManifest, SHARD_BYTES } from '../../graph/spec/dataset.ts';
import { sha256 } from '../../graph/storage/json.ts';
import { type NpyDtype, npyHeader, writeAll } from './npy.ts';

/** Room for a header; {@link npyHeader} of any image shard is shorter. */
const HEADER_ROOM = 256;
const WRITE_BYTES = 1024 * 1024;

export interface ShardsOptions {
  /** Created where it is missing. */
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  /** Number of images that will be added, exactly. */
  readonly images: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Names in the order of their label numbers; empty: the set has no labels. */
  readonly classes: readonly string[];
  readonly source: DatasetManifest['source'];
  /** Default {@link SHARD_BYTES}. */
  readonly shardBytes?: number;
}

export interface ShardsWriter {
  /** Adds the next image: uint8 `[height, width, channels]`, and its label where the set has classes. */
  add(pixels: Uint8Array, label: number): Promise<void>;
  /** Closes the last shard and writes `manifest.json`. Throws where fewer images came than were announced. */
  finish(): Promise<{ readonly manifest: DatasetManifest; readonly digest: string }>;
  /** Closes open files after a failure; what is in the folder is then incomplete and has no manifest. */
  abandon(): Promise<void>;
}

/** The bytes of a manifest as stored: fields in the order of the schema, no white space. */
function manifestBytes(manifest: DatasetManifest): Buffer {
  return Buffer.from(JSON.stringify(parseManifest(manifest)), 'utf8');
}

/** What a spec pins: sha256 of {@link manifestBytes}, hexadecimal. */
export function manifestDigest(manifest: DatasetManifest): string {
  return sha256(manifestBytes(manifest));
}

/** Opens a writer of shards `images-00000.npy`, `labels-00000.npy` (uint16), … in a folder. */
export async function writeShards(options: ShardsOptions): Promise<ShardsWriter> {
  const { folder, images, width, height, channels, classes, shardBytes = SHARD_BYTES } = options;
  const imageBytes = width * height * channels;
  const perShard = Math.max(1, Math.floor((shardBytes - HEADER_ROOM) / imageBytes));
  const labelled = classes.length > 0;
  const shards: DatasetManifest['shards'] = [];
  let added = 0;
  let current: Unfinished | null = null;
  await mkdir(folder, { recursive: true });

  async function begin(): Promise<Unfinished> {
    const number = String(shards.length).padStart(5, '0');
    const count = Math.min(perShard, images - added);
    return {
      count,
      left: count,
      images: await openNpy(folder, `images-${number}.npy`, '|u1', [count, height, width, channels]),
      labels: labelled ? await openNpy(folder, `labels-${number}.npy`, '<u2', [count]) : null,
    };
  }

  async function end(shard: Unfinished): Promise<void> {
    const image = await shard.images.close();
    const label = await shard.labels?.close();
    shards.push({
      images: image.name,
      ...(label && { labels: label.name }),
      count: shard.count,
      sha256: image.sha256,
      ...(label && { labelsSha256: label.sha256 }),
      bytes: image.bytes + (label?.bytes ?? 0),
    });
  }

  return {
    async add(pixels, label) {
      if (pixels.length !== imageBytes) throw new Error(`An image has ${pixels.length} bytes, not ${imageBytes}.`);
      if (added === images) throw new Error(`More than the announced ${images} images.`);
      if (labelled && !(label >= 0 && label < classes.length)) throw new Error(`Label ${label} names no class.`);
      current ??= await begin();
      await current.images.write(pixels);
      await current.labels?.write(Uint8Array.of(label & 0xff, label >> 8));
      added += 1;
      current.left -= 1;
      if (current.left === 0) {
        const full = current;
        current = null;
        await end(full);
      }
    },
    async finish() {
      if (added !== images || images === 0) throw new Error(`${added} images were added, ${images} were announced.`);
      const manifest = parseManifest({
        v: 1,
        id: options.id,
        name: options.name,
        images,
        width,
        height,
        channels,
        classes: [...classes],
        bytes: shards.reduce((sum, shard) => sum + shard.bytes, 0),
        shards,
        source: options.source,
      });
      await writeFile(join(folder, 'manifest.json'), manifestBytes(manifest));
      return { manifest, digest: manifestDigest(manifest) };
    },
    async abandon() {
      await current?.images.abandon();
      await current?.labels?.abandon();
      current = null;
    },
  };
}

interface Unfinished {
  readonly count: number;
  left: number;
  readonly images: NpyFile;
  readonly labels: NpyFile | null;
}

interface NpyFile {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<{ readonly name: string; readonly sha256: string; readonly bytes: number }>;
  abandon(): Promise<void>;
}

/** A .npy file that is written front to back and hashed on the way. */
async function openNpy(folder: string, name: string, dtype: NpyDtype, shape: readonly number[]): Promise<NpyFile> {
  const file: FileHandle = await open(join(folder, name), 'w');
  const hash: Hash = createHash('sha256');
  const pending = Buffer.alloc(WRITE_BYTES);
  let filled = 0;
  let bytes = 0;

  async function flush(): Promise<void> {
    const ready = pending.subarray(0, filled);
    hash.update(ready);
    await writeAll(file, ready);
    bytes += filled;
    filled = 0;
  }

  async function write(data: Uint8Array): Promise<void> {
    for (let done = 0; done < data.length; ) {
      const part = Math.min(data.length - done, pending.length - filled);
      pending.set(data.subarray(done, done + part), filled);
      filled += part;
      done += part;
      if (filled === pending.length) await flush();
    }
  }

  await write(npyHeader(dtype, shape));
  return {
    write,
    async close() {
      await flush();
      await file.close();
      return { name, sha256: hash.digest('hex'), bytes };
    },
    abandon: () => file.close(),
  };
}

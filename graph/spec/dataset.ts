/** A data set as its manifest describes it; knows nothing of how one is made. */
import * as v from 'valibot';

/** Most bytes of one file of images, header included. */
export const SHARD_BYTES = 64 * 1024 * 1024;

const shard = v.object({
  /** Key relative to the data set's folder, e.g. `images-00000.npy`. uint8, `[n, height, width, channels]`, C order. */
  images: v.string(),
  /** uint16 `[n]`: index into `classes`. Absent where the set has no labels. */
  labels: v.optional(v.string()),
  count: v.number(),
  /** sha256 of the image file, and of the label file. */
  sha256: v.string(),
  labelsSha256: v.optional(v.string()),
  bytes: v.number(),
});

const manifest = v.object({
  v: v.literal(1),
  id: v.string(),
  name: v.string(),
  images: v.number(),
  width: v.number(),
  height: v.number(),
  channels: v.picklist([1, 3]),
  /** Names of the classes in the order of their label numbers; empty where there are no labels. */
  classes: v.array(v.string()),
  /** Of all shards. */
  bytes: v.number(),
  shards: v.array(shard),
  /** What the set was made from, and what was left out: at most 1000 entries by name, all of them counted. */
  source: v.object({
    kind: v.string(),
    skipped: v.array(v.object({ name: v.string(), reason: v.string() })),
    skippedTotal: v.number(),
  }),
});

export type DatasetManifest = v.InferOutput<typeof manifest>;

/** The manifest in a value read from storage. Throws where it is none. */
export function parseManifest(value: unknown): DatasetManifest {
  return v.parse(manifest, value);
}

/** IDX files, the form of MNIST and its relatives: images and labels in two files that belong together. */
import { open } from 'node:fs/promises';
import { type Skipped, Unusable } from './limits.ts';
import { type RecordSet, readExactly, readRecords } from './records.ts';

/** One IDX file of unsigned bytes on disk: three axes are images, one is labels. */
export interface IdxFile {
  /** What people call the file; pairs are found by it. */
  readonly name: string;
  readonly file: string;
  readonly shape: readonly number[];
}

/** Does a file that begins with these bytes look like IDX? Two zeros, a type, one to four axes. */
export function isIdx(start: Uint8Array): boolean {
  const [a, b, type, axes] = start;
  return (
    a === 0 &&
    b === 0 &&
    [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e].includes(type ?? 0) &&
    (axes ?? 0) >= 1 &&
    (axes ?? 0) <= 4
  );
}

/**
 * Reads the header of an IDX file (format: yann.lecun.com/exdb/mnist): magic number, then one big-endian int32 per axis.
 *
 * @throws Unusable where it is neither images nor labels of unsigned bytes, or its length does not fit its header
 */
export async function openIdx(name: string, file: string): Promise<IdxFile> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = await readExactly(handle, 0, Math.min(20, size));
    const axes = head[3] ?? 0;
    if (head[2] !== 0x08 || (axes !== 1 && axes !== 3)) {
      throw new Unusable('It is an IDX file, but neither images (three axes) nor labels (one axis) of unsigned bytes.');
    }
    if (head.length < 4 + 4 * axes) throw new Unusable('It is an IDX file that ends within its header.');
    const shape = Array.from({ length: axes }, (_, axis) => head.readUInt32BE(4 + 4 * axis));
    const expected = 4 + 4 * axes + shape.reduce((product, n) => product * n, 1);
    if (size !== expected)
      throw new Unusable(`It is an IDX file of ${size} bytes, but its header announces ${expected}.`);
    if (axes === 3 && (shape[1] === 0 || shape[2] === 0))
      throw new Unusable('It is an IDX file of images without pixels.');
    return { name, file, shape };
  } finally {
    await handle.close();
  }
}

export interface IdxPairs {
  /** One for each file of images. */
  readonly sets: readonly { readonly images: IdxFile; readonly records: RecordSet }[];
  readonly skipped: readonly Skipped[];
}

/**
 * Finds the labels of each file of images: by name (`train-images-idx3-ubyte` and `train-labels-idx1-ubyte`), else by
 * being the only ones left of the same number. Classes are named by their numbers.
 */
export async function pairIdx(files: readonly IdxFile[]): Promise<IdxPairs> {
  const images = files.filter((file) => file.shape.length === 3);
  const labels = new Set(files.filter((file) => file.shape.length === 1));
  const byName = new Map<IdxFile, IdxFile>();
  for (const image of images) {
    const match = [...labels].find((label) => fits(image, label) && stem(image.name) === stem(label.name));
    if (match === undefined) continue;
    byName.set(image, match);
    labels.delete(match);
  }
  const sets: { images: IdxFile; records: RecordSet }[] = [];
  for (const image of images) {
    const rest = [...labels].filter((label) => fits(image, label));
    const lonely = images.filter((other) => !byName.has(other) && other.shape[0] === image.shape[0]).length === 1;
    const label = byName.get(image) ?? (lonely && rest.length === 1 ? rest[0] : undefined);
    if (label !== undefined) labels.delete(label);
    sets.push({ images: image, records: await recordSet(image, label ?? null) });
  }
  const skipped = [...labels].map(({ name, shape }) => ({
    name,
    reason: `It holds ${shape[0]} labels, and no file of as many images belongs to it.`,
  }));
  return { sets, skipped };
}

const fits = (image: IdxFile, label: IdxFile): boolean => image.shape[0] === label.shape[0];

/** What remains of a name when the words for images and labels are taken out. */
function stem(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/images?|labels?|idx\d/g, '');
}

async function recordSet(image: IdxFile, label: IdxFile | null): Promise<RecordSet> {
  const [count = 0, height = 0, width = 0] = image.shape;
  const labels = label === null ? null : await readLabels(label);
  const classes = labels === null ? null : Array.from({ length: max(labels) + 1 }, (_, n) => String(n));
  return {
    name: image.name,
    count,
    width,
    height,
    channels: 1,
    classes,
    async *read() {
      let n = 0;
      for await (const pixels of readRecords(image.file, 16, width * height, count)) {
        yield { pixels, label: labels?.[n] ?? 0 };
        n += 1;
      }
    },
  };
}

async function readLabels(label: IdxFile): Promise<Uint8Array> {
  const handle = await open(label.file, 'r');
  try {
    return await readExactly(handle, 8, label.shape[0] ?? 0);
  } finally {
    await handle.close();
  }
}

function max(values: Uint8Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

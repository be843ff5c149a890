/** Turns units of an inventory into decoding steps, one an image; runs none of them itself. */
import type { Origin } from './classes.ts';
import { decodeImage, fitPixels } from './decode.ts';
import { readEntry } from './entry.ts';
import type { Unit } from './inventory.ts';
import { type ImportLimits, type Skipped, Unusable } from './limits.ts';
import type { RecordSet } from './records.ts';

export type Decoded =
  /** uint8 RGB `[size, size, 3]`. Equal origins are the same object. */
  | { readonly kind: 'image'; readonly pixels: Uint8Array; readonly origin: Origin; readonly source: string }
  | ({ readonly kind: 'skipped' } & Skipped);

/** Yields the steps in the order of the units. A step never throws for an unusable file: it says why. */
export async function* decodeSteps(
  units: readonly Unit[],
  size: number,
  limits: ImportLimits,
): AsyncGenerator<() => Promise<Decoded>> {
  const folders = new Map<string, Origin>();
  for (const unit of units) {
    if (unit.kind === 'records') {
      yield* recordSteps(unit.records, unit.source, size);
      continue;
    }
    const { name, source, entry } = unit;
    const folder = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')));
    const origin: Origin = folders.get(folder) ?? { kind: 'folder', folder };
    folders.set(folder, origin);
    yield async () => {
      try {
        const pixels = await decodeImage(await readEntry(entry, limits.imageBytes), size, limits);
        return { kind: 'image', pixels, origin, source };
      } catch (cause) {
        return skipped(name, cause);
      }
    };
  }
}

async function* recordSteps(records: RecordSet, source: string, size: number): AsyncGenerator<() => Promise<Decoded>> {
  const { name, width, height, channels, classes } = records;
  const origins: readonly Origin[] = classes?.map((_, label) => ({ kind: 'label', label, classes })) ?? [];
  const none: Origin = { kind: 'none' };
  try {
    for await (const { pixels, label } of records.read()) {
      const origin = origins[label] ?? none;
      yield async () => ({
        kind: 'image',
        pixels: await fitPixels({ width, height, channels, pixels }, size),
        origin,
        source,
      });
    }
  } catch (cause) {
    const rest = skipped(name, cause);
    yield async () => rest;
  }
}

/** Only an unusable file is an outcome; a full disk or a bug is thrown on. */
function skipped(name: string, cause: unknown): Decoded {
  if (!(cause instanceof Unusable)) throw cause;
  return { kind: 'skipped', name, reason: cause.message };
}

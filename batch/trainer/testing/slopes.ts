/** A data set on disk for trainings on TensorFlow in tests. */
import { writeShards } from '../../data/shards.ts';

/** 64 grey images of 16×16, each a slope of its own, labelled in turn where there are classes. Returns the digest. */
export async function writeSlopes(folder: string, classes: readonly string[] = []): Promise<string> {
  const writer = await writeShards({
    folder,
    id: 'slopes',
    name: 'slopes',
    images: 64,
    width: 16,
    height: 16,
    channels: 1,
    classes,
    source: { kind: 'test', skipped: [], skippedTotal: 0 },
  });
  for (let image = 0; image < 64; image++) {
    await writer.add(
      Uint8Array.from({ length: 256 }, (_, i) => (i * (image + 1)) % 256),
      image % Math.max(1, classes.length),
    );
  }
  return (await writer.finish()).digest;
}

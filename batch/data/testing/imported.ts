/** Builds data sets out of files that tests make up, and reads back what came of it. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Color } from 'sharp';
import { expect } from 'vitest';
import { temporaryFolder } from '../../../infra/test/temporary-folder.ts';
import { type BuildOptions, buildDataset } from '../build.ts';
import { DEFAULT_LIMITS, type ImportLimits, type Skipped } from '../limits.ts';
import { readNpy } from '../npy.ts';
import { openDataset } from '../open-dataset.ts';
import type { ZipMember } from './archives.ts';

export type Files = Readonly<Record<string, Uint8Array>>;

export const solid = (background: Color, width = 8, height = 8) =>
  sharp({ create: { width, height, channels: 3, background } });
export const png = (background: Color, width?: number, height?: number) =>
  solid(background, width, height).png().toBuffer();
export const members = (files: Files): ZipMember[] => Object.entries(files).map(([name, data]) => ({ name, data }));

export async function place(files: Files): Promise<string> {
  const folder = temporaryFolder();
  for (const [name, data] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), data);
  }
  return folder;
}

/** Builds from files uploaded one by one and reads back what was made. */
export async function build(uploads: Files | string, options: Partial<BuildOptions> = {}) {
  const root = typeof uploads === 'string' ? uploads : await place(uploads);
  const names = typeof uploads === 'string' ? [''] : Object.keys(uploads);
  const work = temporaryFolder();
  const folder = join(work, 'set');
  const reported: Skipped[] = [];
  const built = await buildDataset({
    uploads: names.map((name) => ({ path: join(root, name), name: name || 'photos' })),
    id: 'set',
    name: 'Set',
    size: 8,
    folder,
    scratch: join(work, 'scratch'),
    threads: 2,
    onSkipped: (skipped) => reported.push(skipped),
    ...options,
  });
  expect(await readdir(work)).toEqual(built.kind === 'built' ? ['set'] : []);
  return { built, folder, reported };
}

/** As {@link build}, for what is known to give a set. */
export async function imported(uploads: Files | string, options: Partial<BuildOptions> = {}) {
  const { built, folder, reported } = await build(uploads, options);
  if (built.kind !== 'built') throw new Error(`Nothing was built: ${JSON.stringify(built)}`);
  const { manifest, shards } = await openDataset(folder, { digest: built.digest });
  const [shard] = shards;
  const images = await readNpy(shard?.images ?? '');
  const labels = shard?.labels ? [...(await readNpy(shard.labels)).data] : null;
  const bytes = manifest.width * manifest.height * manifest.channels;
  const image = (n: number) => [...images.data.slice(n * bytes, (n + 1) * bytes)];
  const firstPixel = (n: number) => image(n).slice(0, manifest.channels);
  return { built, manifest, folder, reported, labels, image, firstPixel };
}

export const limits = (changed: Partial<ImportLimits>): { limits: ImportLimits } => ({
  limits: { ...DEFAULT_LIMITS, ...changed },
});

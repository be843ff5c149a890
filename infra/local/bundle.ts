/** Programs of this checkout as bundles that Node.js runs without tsx; knows none of them. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { REQUIRE } from '../bundle/commonjs.ts';

/** Where packages that are not bundled are found from. */
const CACHE = 'node_modules/.cache/ganway';
/** They bring files of their own. */
const NOT_BUNDLED = ['sharp', '@tensorflow/*', 'tsx'];

/**
 * Bundles the TypeScript files `entries` of the checkout `root`, and gives the folder with a `.js` at the place of each. It
 * lies under the hash of its own bytes, so that a process never meets a bundle that was made for other sources.
 *
 * @throws Error with what esbuild says
 */
export async function bundle(root: string, entries: readonly string[]): Promise<string> {
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    outbase: '.',
    outdir: CACHE,
    chunkNames: 'batch/chunk-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true,
    external: NOT_BUNDLED,
    banner: { js: REQUIRE },
    logLevel: 'silent',
    write: false,
  });
  await stop();
  const cache = join(root, CACHE);
  const hash = createHash('sha256');
  for (const { path, hash: content } of outputFiles) hash.update(`${relative(cache, path)} ${content}\n`);
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}`;
  for (const { path, contents } of outputFiles) {
    const file = join(part, relative(cache, path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
  // Somebody else may have been quicker with the same bytes.
  await rename(part, folder).catch(() => rm(part, { recursive: true, force: true }));
  return folder;
}

/** The program a job runs: the container's entry in one file, quick to load, or else its sources; knows no queue. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRIES = ['batch/main.ts', 'batch/trainer/main.ts'];
/** Where packages that are not bundled are found from. */
const CACHE = 'node_modules/.cache/ganway';
/** They bring files of their own. */
const NOT_BUNDLED = ['sharp', '@tensorflow/*', 'tsx'];
/** What CommonJS packages call. */
const REQUIRE =
  "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);";

export interface Entry {
  /** Arguments of `node`. */
  readonly args: readonly string[];
  /** Null where the bundle is used, else why it is not. */
  readonly lost: string | null;
}

/**
 * Bundles supervisor and trainer, which takes less than half a second and saves more than one at each launch: no source
 * is transpiled, and few files are read. A bundle lies under the hash of its own bytes, so that a job never meets one
 * that was made for other sources. Where it cannot be made, jobs run from source.
 *
 * @param root the checkout
 */
export async function batchEntry(root = ROOT): Promise<Entry> {
  try {
    return { args: [join(await bundle(root), 'batch/main.js')], lost: null };
  } catch (error) {
    const args = ['--import', import.meta.resolve('tsx'), join(root, 'batch/main.ts')];
    return { args, lost: error instanceof Error ? error.message : String(error) };
  }
}

async function bundle(root: string): Promise<string> {
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
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

/** The functions as a cloud runs them: one minified file each, with nothing to install beside it; knows no cloud. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REQUIRE } from './commonjs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = 'functions';

export interface FunctionBundle {
  /** As its source is called, for instance `http`. */
  readonly name: string;
  /** Holds nothing but the bundle. */
  readonly folder: string;
  /** Path of the bundle, an ES module that exports `handler`. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** What it imports when it runs: modules of Node alone, or something that would not be there. */
  readonly imports: readonly string[];
  /** Paths from the root of the files it was made of. */
  readonly sources: readonly string[];
}

/** The names of all functions: every source beside {@link FOLDER}'s helpers that exports a handler, in order. */
export function functionNames(root = ROOT): string[] {
  return readdirSync(join(root, FOLDER))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => /^export const handler\b/m.test(readFileSync(join(root, FOLDER, name), 'utf8')))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
}

/**
 * Bundles every function for Node 22 into `<folder>/<name>/index.mjs`. The same sources give the same bytes.
 *
 * @throws Error with what esbuild says
 */
export async function bundleFunctions(folder: string, root = ROOT): Promise<Readonly<Record<string, FunctionBundle>>> {
  const { build } = await import('esbuild');
  const bundles = await Promise.all(
    functionNames(root).map(async (name): Promise<FunctionBundle> => {
      const file = join(folder, name, 'index.mjs');
      const { metafile } = await build({
        absWorkingDir: root,
        entryPoints: [`${FOLDER}/${name}.ts`],
        outfile: file,
        bundle: true,
        minify: true,
        platform: 'node',
        format: 'esm',
        target: 'node22',
        // Errors and log lines keep the names that the sources give them.
        keepNames: true,
        legalComments: 'none',
        banner: { js: REQUIRE },
        metafile: true,
        logLevel: 'silent',
      });
      const [output] = Object.values(metafile.outputs);
      const imports = [...new Set(output?.imports.map(({ path }) => path))].sort();
      const sources = Object.keys(metafile.inputs);
      return { name, folder: join(folder, name), file, size: output?.bytes ?? 0, imports, sources };
    }),
  );
  return Object.fromEntries(bundles.map((bundle) => [bundle.name, bundle]));
}

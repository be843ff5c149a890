/** The npm packages that the bundle leaves outside, file by file: those that a job can load, and no others. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { placeFile, placeFolder } from './copy.ts';

/** They bring native files, and load them by names that they put together. */
const WHOLE = ['sharp', 'koffi'];
/** Of these the files are taken that they load each other: the addon's driver, and the core of TF.js. */
const TRACED = ['@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js', '@tensorflow/tfjs-core'];
/** Only asked where it is: the addon's driver is given the core in its place. */
const ONLY_NAMED = '@tensorflow/tfjs';
/** What Node.js or the loader reads, and what the licences ask to go along. */
const LOADABLE = /\.(js|cjs|mjs|json|node|so(\.[\d.]+)?)$|(^|\/)(LICEN[CS]E|NOTICE|COPYING)[^/]*$/i;

/** Packages within, which are taken by themselves where they are needed; and what is for another C library than TensorFlow's. */
const OTHERS = /(^|\/)(node_modules|musl[^/]*)\//;

/** Puts them below `target`, a folder `node_modules`. */
export async function placePackages(checkout: string, target: string): Promise<void> {
  const modules = join(checkout, 'node_modules');
  for (const name of closureOf(WHOLE, modules)) {
    const takes = (path: string): boolean => LOADABLE.test(path) && !OTHERS.test(path);
    placeFolder(join(modules, name), join(target, name), takes);
  }
  for (const file of await trace(checkout))
    placeFile(join(checkout, file), join(target, relative('node_modules', file)));
}

/** Names of packages and of all that they depend on and that is there, as it lies at the top of `node_modules`. */
function closureOf(names: readonly string[], modules: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name) || !existsSync(join(modules, name))) return;
    found.add(name);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(modules, name, 'package.json'), 'utf8'),
    );
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) visit(each);
  };
  for (const name of names) visit(name);
  return found;
}

/** Files of {@link TRACED} and of what they require, with the package.json that says how each is found. */
async function trace(checkout: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: checkout,
    stdin: { contents: TRACED.map((name) => `require('${name}');`).join('\n'), resolveDir: checkout },
    bundle: true,
    platform: 'node',
    external: [ONLY_NAMED],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const files = Object.keys(metafile.inputs).filter((path) => path.startsWith('node_modules/'));
  const main = JSON.parse(readFileSync(join(checkout, 'node_modules', ONLY_NAMED, 'package.json'), 'utf8')).main;
  const named = join('node_modules', ONLY_NAMED, main);
  return new Set([...files, named].flatMap((file) => [file, packageFileOf(checkout, file)]));
}

function packageFileOf(checkout: string, file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const candidate = join(folder, 'package.json');
    if (folder.endsWith('node_modules')) throw new Error(`${file} belongs to no package.`);
    if (existsSync(join(checkout, candidate)) && /"version"/.test(readFileSync(join(checkout, candidate), 'utf8'))) {
      return candidate;
    }
  }
}

/** Builds the file system of the container, layer by layer, on a machine without a container engine as on one with; downloads nothing. */
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../local/bundle.ts';
import { BATCH_ENTRIES } from '../local/entry.ts';
import { cudaFolder } from '../setup/cuda.mjs';
import { nativeFolder } from '../setup/native.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { placeFolder } from './copy.ts';
import { UNUSED } from './opened.ts';
import { placePackages } from './packages.ts';
import { LAYERS, type Layer, MOST_BYTES, PLACES, STATE } from './places.ts';
import { filesBelow, missingLibraries } from './resolve.ts';
import { placeSystem } from './system.ts';

export interface BuildOptions {
  /** Has its packages installed. */
  readonly checkout: string;
  /** Where the set-up has put TensorFlow, and NVIDIA's libraries where `gpu`. */
  readonly cache: string;
  readonly gpu: boolean;
  /** Filled with `layers/<layer>`, `state`, and `root`, all of them put together. What is there is replaced. */
  readonly out: string;
}

export interface Built {
  /** What the container sees as `/`. */
  readonly root: string;
  /** Unpacked. */
  readonly bytes: Readonly<Record<Layer, number>>;
}

/**
 * Builds it and looks whether everything that will be started finds its libraries.
 *
 * @throws SetupError where the set-up has not been run, a library is missing, or a layer has grown beyond what is meant for it
 */
export async function buildRoot({ checkout, cache, gpu, out }: BuildOptions): Promise<Built> {
  const native = nativeFolder(cache, gpu);
  for (const folder of [native, ...(gpu ? [cudaFolder(cache)] : [])]) {
    if (!existsSync(folder))
      throw new SetupError(`${folder} is missing. Run npm run setup -- --${gpu ? 'gpu' : 'cpu'} first.`);
  }
  const [root, state] = [join(out, 'root'), join(out, 'state')];
  for (const part of [root, state, join(out, 'layers')]) rmSync(part, { recursive: true, force: true });
  const layer = (name: Layer): string => join(out, 'layers', name);
  for (const name of LAYERS) mkdirSync(layer(name), { recursive: true });

  if (gpu) placeFolder(cudaFolder(cache), join(layer('cuda'), PLACES.nvidia), (path) => !UNUSED.test(path));
  placeFolder(native, join(layer('tensorflow'), PLACES.tensorflow));
  await placePackages(checkout, join(layer('packages'), PLACES.packages));
  const app = join(layer('app'), PLACES.app);
  placeFolder(await bundle(checkout, BATCH_ENTRIES), app);
  writeFileSync(join(app, 'package.json'), '{"type":"module"}\n');
  for (const name of LAYERS) placeFolder(layer(name), root);
  placeSystem(layer('system'), root);
  placeFolder(layer('system'), root);
  for (const folder of ['dev', 'proc', 'sys', PLACES.state]) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of STATE) mkdirSync(join(state, folder), { recursive: true });

  const missing = missingLibraries(root);
  if (missing.length > 0) {
    const named = missing.map(({ file, library }) => `${library} for ${file}`);
    throw new SetupError(`The image would lack ${named.join(', ')}.`);
  }
  const bytes = Object.fromEntries(LAYERS.map((name) => [name, bytesBelow(layer(name))])) as Record<Layer, number>;
  const tooLarge = LAYERS.filter((name) => bytes[name] > MOST_BYTES[name]);
  if (tooLarge.length > 0)
    throw new SetupError(`The layer ${tooLarge.join(', ')} is larger than infra/container/places.ts allows.`);
  return { root, bytes };
}

function bytesBelow(folder: string): number {
  return filesBelow(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

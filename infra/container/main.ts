/** `tsx infra/container/main.ts [--gpu | --cpu] FOLDER`: builds the container's file system into a folder and prints its layers; the Dockerfile and CI call it alike. */
import { parseArgs } from 'node:util';
import { cacheFolder, checkout } from '../setup/cache.mjs';
import { fail, SetupError } from '../setup/setup-error.mjs';
import { buildRoot } from './build.ts';

try {
  const { gpu, cpu, out } = options();
  if (gpu === cpu || out === undefined) throw new SetupError('usage: infra/container/main.ts --gpu|--cpu FOLDER');
  const { bytes } = await buildRoot({ checkout, cache: cacheFolder(), gpu, out });
  const total = Object.values(bytes).reduce((sum, size) => sum + size, 0);
  for (const [layer, size] of [...Object.entries(bytes), ['all', total] as const]) {
    console.log(`${layer.padEnd(12)} ${(size / 1e6).toFixed(1).padStart(8)} MB`);
  }
} catch (error) {
  fail(error);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { gpu: { type: 'boolean', default: false }, cpu: { type: 'boolean', default: false } },
    });
    return { ...values, out: positionals[0] };
  } catch (cause) {
    throw new SetupError('The image is built with --gpu or --cpu into one folder.', { cause });
  }
}

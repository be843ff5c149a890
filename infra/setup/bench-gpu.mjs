/**
 * `npm run bench:gpu [-- ARGUMENTS]`: sets up TensorFlow's and PyTorch's libraries for an NVIDIA GPU, then runs infra/test/bench/gpu;
 * measures nothing itself. `--device cpu` tries the same path on a processor, at toy sizes.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './cache.mjs';
import { hasGpu } from './gpu.mjs';
import { prepareTorch, prepareTorchForCuda } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { fail, SetupError } from './setup-error.mjs';

try {
  const argv = process.argv.slice(2);
  const onProcessor = argv.includes('--device=cpu') || argv[argv.indexOf('--device') + 1] === 'cpu';
  if (!onProcessor && !hasGpu()) {
    throw new SetupError(
      'This machine shows no NVIDIA GPU, which bench:gpu needs; with -- --device cpu it tries the same path on the processor, at toy sizes.',
    );
  }
  process.env.GANWAY_GPU = onProcessor ? '0' : '1';
  const { cacheDir, nativeDir } = await prepare({ native: 'required', storage: false });
  const progress = createProgress();
  const torch = await (onProcessor ? prepareTorch : prepareTorchForCuda)({ cache: cacheDir, progress });
  progress.close();
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import(pathToFileURL(join(checkout, 'infra/test/bench/gpu/main.ts')).href);
  await main(argv, { cacheDir, nativeDir, torch });
} catch (error) {
  fail(error);
}

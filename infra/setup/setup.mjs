/**
 * `npm run setup [-- --gpu | --cpu]`: packages and native TensorFlow, nothing else, and starts nothing; prints the folder of the
 * libraries. With `--gpu` those of the GPU, which need none to be there: that is how a container image is built. It needs no more of the
 * checkout than package.json, package-lock.json, .npmrc and this folder; `GANWAY_CACHE` says where the libraries go.
 */
import { parseArgs } from 'node:util';
import { checkNode } from './node-version.mjs';
import { prepare } from './prepare.mjs';
import { fail, SetupError } from './setup-error.mjs';

try {
  checkNode();
  const { gpu, cpu } = options();
  if (gpu && cpu) throw new SetupError('--gpu and --cpu exclude each other.');
  if (gpu || cpu) process.env.GANWAY_GPU = gpu ? '1' : '0';
  const { nativeDir } = await prepare({ storage: false, native: 'required' });
  console.log(nativeDir);
} catch (error) {
  fail(error);
}

function options() {
  try {
    return parseArgs({ options: { gpu: { type: 'boolean' }, cpu: { type: 'boolean' } } }).values;
  } catch (cause) {
    throw new SetupError('The set-up knows --gpu and --cpu: by default it looks whether a GPU is there.', { cause });
  }
}

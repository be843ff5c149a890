/** Native TensorFlow: two libraries of the official wheel and, where there is a compiler, the stock TF.js addon, in the cache; trains nothing. */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './command.mjs';
import { compilerHint, findCompiler } from './compiler.mjs';
import { prepareCuda } from './cuda.mjs';
import { wantsGpu } from './gpu.mjs';
import { withLock } from './lock.mjs';
import { fetchWheel } from './pypi.mjs';
import { replaceFolder } from './replace-folder.mjs';
import { checkRoom } from './room.mjs';
import { NativeUnavailable, SetupError } from './setup-error.mjs';
import { unzip } from './unzip.mjs';
import { CPU_WHEELS, CUDA_WHEELS, GPU_WHEELS, TENSORFLOW_VERSION } from './wheels.mjs';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const ADDON = 'tfjs_binding.node';
/** Of the wheel's thousands of headers, those that the addon's sources include. */
const HEADERS = /^tensorflow\/include\/((tensorflow\/(c|core\/platform)|tsl\/platform|xla\/tsl)\/.*\.h)$/;

/**
 * @typedef {object} NativeOptions
 * @property {string} checkout
 * @property {string} cache
 * @property {import('./progress.mjs').Progress} progress
 * @property {'tensorflow' | 'capi' | null} executor   `tensorflow`: not without the addon; `capi`: nothing is compiled
 * @property {Wheels} [wheels]   default: the pinned ones
 *
 * @typedef {object} Wheels
 * @property {Readonly<Record<string, import('./wheels.mjs').Wheel>>} cpu   by `process.arch`, as the next
 * @property {Readonly<Record<string, import('./wheels.mjs').Wheel>>} gpu
 * @property {readonly import('./wheels.mjs').CudaWheel[]} cuda
 */

/** @type {Wheels} */
const PINNED = { cpu: CPU_WHEELS, gpu: GPU_WHEELS, cuda: CUDA_WHEELS };

/**
 * The folder that holds `libtensorflow_cc.so.2`, `libtensorflow_framework.so.2`, `stamp.json` and, where it could be compiled,
 * `tfjs_binding.node`, made when it is missing: either complete or not there. A folder without stamp that loads is adopted.
 * @param {NativeOptions} options
 * @returns {Promise<string>}
 */
export async function prepareNative({ wheels = PINNED, ...options }) {
  if (!wantsGpu()) return prepareFolder(options, 'tensorflow-cpu', wheels.cpu);
  const wheel = wheels.gpu[process.arch];
  if (!wheel) {
    options.progress.note(`GPU: there are no GPU kernels for ${process.arch}; training will run on the processor.`);
    return prepareFolder(options, 'tensorflow-cpu', wheels.cpu);
  }
  const { cache, progress, executor } = options;
  const afterwards = isComplete(nativeFolder(cache, true), executor) ? [] : [wheel];
  await prepareCuda({ cache, progress, wheels: wheels.cuda, afterwards });
  return prepareFolder(options, 'tensorflow', wheels.gpu);
}

/** Where {@link prepareNative} puts what it makes. @param {string} cache */
export function nativeFolder(cache, gpu = wantsGpu() && process.arch in GPU_WHEELS) {
  return join(cache, 'native', `${gpu ? 'tensorflow' : 'tensorflow-cpu'}-${TENSORFLOW_VERSION}`);
}

/** @param {Omit<NativeOptions, 'wheels'>} options @param {'tensorflow' | 'tensorflow-cpu'} name @param {Wheels['cpu']} wheels */
async function prepareFolder({ checkout, cache, progress, executor }, name, wheels) {
  const folder = nativeFolder(cache, name === 'tensorflow');
  if (isComplete(folder, executor)) return folder;
  const wheel = wheels[process.arch];
  if (process.platform !== 'linux' || !wheel) {
    throw new NativeUnavailable(
      `There is no pinned TensorFlow for ${process.platform} on ${process.arch}. Use Linux on x64 or arm64 (on Windows: WSL; on a Mac: a Linux container).`,
    );
  }
  const step = progress.step('TensorFlow');
  try {
    return await withLock(
      `${folder}.lock`,
      async () => {
        if (isComplete(folder, executor) || (await adopt(folder, executor, step))) return folder;
        await build({ checkout, cache, folder, wheel, executor, step, note: progress.note });
        step.done(`${TENSORFLOW_VERSION} ready`);
        return folder;
      },
      { onWait: (holder) => step.now(`waiting for ${holder}, which prepares it`) },
    );
  } finally {
    step.done();
  }
}

/**
 * The stamp is written last, and remembers the sizes of what it stands for.
 * @param {string} folder
 * @param {'tensorflow' | 'capi' | null} executor
 */
function isComplete(folder, executor) {
  try {
    const stamp = JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8'));
    if (stamp.v !== 1 || stamp.tensorflow !== TENSORFLOW_VERSION || stamp.arch !== process.arch) return false;
    const wanted = new Set([...LIBRARIES, ...(executor === 'tensorflow' ? [ADDON] : []), ...Object.keys(stamp.files)]);
    return [...wanted].every((file) => statSync(join(folder, file)).size === stamp.files[file]);
  } catch {
    return false;
  }
}

/** @param {string} folder */
function writeStamp(folder) {
  const there = [...LIBRARIES, ADDON].filter((file) => existsSync(join(folder, file)));
  const files = Object.fromEntries(there.map((file) => [file, statSync(join(folder, file)).size]));
  const stamp = { v: 1, tensorflow: TENSORFLOW_VERSION, arch: process.arch, files };
  const path = join(folder, 'stamp.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(stamp, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/**
 * A folder without a valid stamp whose files are there and load is as good as ours.
 * @param {string} folder
 * @param {'tensorflow' | 'capi' | null} executor
 * @param {import('./progress.mjs').Step} step
 */
async function adopt(folder, executor, step) {
  const wanted = executor === 'tensorflow' ? [...LIBRARIES, ADDON] : LIBRARIES;
  if (!wanted.every((file) => existsSync(join(folder, file)))) return false;
  step.now('trying what is there');
  if ((await loadProblem(folder)) !== null) return false;
  writeStamp(folder);
  return true;
}

/** Null when the folder's TensorFlow loads in a process of its own, else what it said. @param {string} folder */
async function loadProblem(folder) {
  const script = fileURLToPath(new URL('native-check.cjs', import.meta.url));
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const { ok, how, tail } = await runProgram(process.execPath, [script, folder], { env });
  if (ok) return null;
  if (how === 'signal SIGILL') return 'this processor lacks instructions that TensorFlow was built with (AVX)';
  return `${how}: ${tail}`;
}

/**
 * @typedef {object} BuildOptions
 * @property {string} checkout
 * @property {string} cache
 * @property {string} folder
 * @property {import('./wheels.mjs').Wheel} wheel
 * @property {'tensorflow' | 'capi' | null} executor
 * @property {import('./progress.mjs').Step} step
 * @property {(text: string) => void} note
 * @param {BuildOptions} options
 */
async function build({ checkout, cache, folder, wheel, executor, step, note }) {
  const compiler = executor === 'capi' ? null : findCompiler();
  if (executor === 'tensorflow' && !compiler) throw new NativeUnavailable(`${NO_COMPILER} ${compilerAdvice()}`);
  const downloads = join(cache, 'downloads');
  checkRoom(cache, downloads, [wheel]);
  const archive = await fetchWheel(wheel, downloads, step);
  await replaceFolder(folder, async (fresh) => {
    const include = join(fresh, 'include');
    const place = (/** @type {string} */ name) => {
      const header = HEADERS.exec(name)?.[1];
      if (header) return compiler === null || header.includes('..') ? null : join(include, header);
      const library = LIBRARIES.find((file) => name === `tensorflow/${file}`);
      return library ? join(fresh, library) : null;
    };
    step.now('unpacking');
    await unzip(archive, place, (done, total) => step.now(`unpacking, ${Math.floor((100 * done) / total)} %`));
    if (compiler) {
      step.now('compiling the addon');
      const problem = await compile({ compiler, checkout, folder: fresh, include });
      if (problem && executor === 'tensorflow') throw new SetupError(problem);
      if (problem) note(`${problem}\n${WITHOUT_ADDON}`);
      rmSync(include, { recursive: true });
    } else if (executor === null) note(`${NO_COMPILER} ${WITHOUT_ADDON}`);
    step.now('trying it');
    const problem = await loadProblem(fresh);
    if (problem)
      throw new NativeUnavailable(`TensorFlow ${TENSORFLOW_VERSION} does not load on this machine: ${problem}`);
    writeStamp(fresh);
  });
  rmSync(archive, { force: true });
}

const NO_COMPILER = 'There is no C++ compiler for the TensorFlow addon.';
const WITHOUT_ADDON =
  'The same library is called from JavaScript instead (capi): equally fast, and with the same results.';
const compilerAdvice = () => `Install one: ${compilerHint()} — then run the command again.`;

/**
 * Null when the addon is there, else why it is not.
 * @param {{compiler: string, checkout: string, folder: string, include: string}} options
 */
async function compile({ compiler, checkout, folder, include }) {
  const addon = join(checkout, 'node_modules/@tensorflow/tfjs-node-gpu');
  const args = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-w', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
    ...[join(checkout, 'node_modules/node-api-headers/include'), include, addon].map((path) => `-I${path}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(addon, 'binding', file)),
    // The C API lies in both libraries: operations in the first, tensors and statuses in the second.
    ...[`-L${folder}`, ...LIBRARIES.map((file) => `-l:${file}`), '-Wl,-rpath,$ORIGIN'],
    ...['-o', join(folder, ADDON)],
  ];
  const { ok, how, tail } = await runProgram(compiler, args);
  if (ok) return null;
  rmSync(join(folder, ADDON), { force: true });
  return `${basename(compiler)} could not compile the TensorFlow addon (${how}):\n${tail}`;
}

/** NVIDIA's libraries, where TensorFlow's GPU kernels look for them; loads none of them. */
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { fetchWheel } from './pypi.mjs';
import { replaceFolder } from './replace-folder.mjs';
import { checkRoom } from './room.mjs';
import { unzip } from './unzip.mjs';
import { CUDA_WHEELS } from './wheels.mjs';

/**
 * Each wheel fills one folder here. `libtensorflow_framework.so.2`, which opens them, searches `$ORIGIN/../nvidia/<part>/lib`, and
 * the libraries find each other by `$ORIGIN/../../<part>/lib`: no LD_LIBRARY_PATH is needed.
 * @param {string} cache
 */
export const cudaFolder = (cache) => join(cache, 'native', 'nvidia');

/**
 * Links for libraries that are searched where their wheels do not put them, by path below the folder.
 * @type {Readonly<Record<string, string>>}
 */
const LINKS = {
  // Of the parts that TensorFlow opens this alone is not on the search path of its opener: without it, it uses no GPU at all.
  'cublas/lib/libcusolver.so.11': '../../cusolver/lib/libcusolver.so.11',
  // cuDNN compiles kernels for fused operations by NVRTC, and searches `../../nvrtc/lib` for it.
  nvrtc: 'cuda_nvrtc',
};

/** The folder of a wheel. @param {import('./wheels.mjs').CudaWheel} wheel */
const partOf = ({ library }) => library.split('/')[0] ?? library;

/**
 * Where a file of an NVIDIA wheel goes, below {@link cudaFolder}; null: nowhere (headers, Python files).
 * @param {string} name
 * @returns {string | null}
 */
export function cudaPlace(name) {
  const place = /^nvidia\/([^/.]+\/.+)$/.exec(name)?.[1] ?? null;
  return place === null || /(^|\/)(\.\.|include)\/|\.py$/.test(place) ? null : place;
}

/**
 * The wheels whose libraries are not there, or not whole.
 * @param {string} cache
 * @param {readonly import('./wheels.mjs').CudaWheel[]} [wheels]
 */
export function lackingCuda(cache, wheels = CUDA_WHEELS) {
  const folder = cudaFolder(cache);
  return wheels.filter((wheel) => !isComplete(join(folder, partOf(wheel)), wheel));
}

/** The links that are not there, by path below {@link cudaFolder}. @param {string} cache */
export function lackingLinks(cache) {
  return Object.entries(LINKS).flatMap(([path, target]) =>
    isLinked(join(cudaFolder(cache), path), target) ? [] : [path],
  );
}

/**
 * @typedef {object} CudaOptions
 * @property {string} cache
 * @property {import('./progress.mjs').Progress} progress
 * @property {readonly import('./wheels.mjs').CudaWheel[]} [wheels]
 * @property {readonly import('./wheels.mjs').Wheel[]} [afterwards]   what will be unpacked on the same disk next: the room has to do for that too
 *
 * Downloads and unpacks what is lacking, one wheel after the other: a set-up that was killed goes on at the wheel where it was.
 * @param {CudaOptions} options
 */
export async function prepareCuda({ cache, progress, wheels = CUDA_WHEELS, afterwards = [] }) {
  const folder = cudaFolder(cache);
  const isReady = () => lackingCuda(cache, wheels).length === 0 && lackingLinks(cache).length === 0;
  if (isReady()) return;
  const step = progress.step('CUDA');
  try {
    await withLock(
      `${folder}.lock`,
      async () => {
        const downloads = join(cache, 'downloads');
        const lacking = lackingCuda(cache, wheels);
        checkRoom(cache, downloads, [...lacking, ...afterwards]);
        for (const wheel of lacking) {
          const archive = await fetchWheel(wheel, downloads, step);
          step.now(`unpacking ${wheel.project}`);
          await replaceFolder(join(folder, partOf(wheel)), (fresh) => unpack(archive, wheel, fresh));
          rmSync(archive);
        }
        for (const [path, target] of Object.entries(LINKS)) makeLink(join(folder, path), target);
        step.done(`${wheels.length} NVIDIA libraries ready`);
      },
      { onWait: (holder) => step.now(`waiting for ${holder}, which prepares it`) },
    );
  } finally {
    step.done();
  }
}

/** @param {string} archive @param {import('./wheels.mjs').CudaWheel} wheel @param {string} folder */
async function unpack(archive, wheel, folder) {
  const prefix = `${partOf(wheel)}/`;
  const paths = await unzip(archive, (name) => {
    const place = cudaPlace(name);
    return place?.startsWith(prefix) ? join(folder, place.slice(prefix.length)) : null;
  });
  const files = Object.fromEntries(paths.map((path) => [relative(folder, path), statSync(path).size]));
  writeFileSync(join(folder, 'stamp.json'), `${JSON.stringify({ v: 1, wheel: wheel.filename, files }, null, 2)}\n`);
}

/** The stamp remembers the sizes of what was unpacked from which wheel. @param {string} folder @param {import('./wheels.mjs').CudaWheel} wheel */
function isComplete(folder, wheel) {
  try {
    const stamp = JSON.parse(readFileSync(join(folder, 'stamp.json'), 'utf8'));
    if (stamp.v !== 1 || stamp.wheel !== wheel.filename) return false;
    return Object.entries(stamp.files).every(([file, size]) => statSync(join(folder, file)).size === size);
  } catch {
    return false;
  }
}

/** @param {string} link @param {string} target */
function isLinked(link, target) {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(link) === target;
}

/** A link appears in one step, so that a training that starts now finds the old one or the new one. @param {string} link @param {string} target */
function makeLink(link, target) {
  mkdirSync(dirname(link), { recursive: true });
  rmSync(`${link}.new`, { force: true });
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
}

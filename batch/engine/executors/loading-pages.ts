/** Gives back the memory that loading TensorFlow has touched; knows no executor and no program. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LIBRARIES } from './native-folder.ts';

const require = createRequire(import.meta.url);

/** Of madvise(2): pages of a file are dropped from the process, and mapped again where they are touched. */
const MADV_DONTNEED = 4;

/** What is used of koffi. */
interface Koffi {
  load(path: null): { func(declaration: string): (...parameters: unknown[]) => unknown };
}

/**
 * Unmaps the pages of TensorFlow's code and read-only tables. Linking alone reads 120 MB of symbols and relocations, and
 * thousands of initialisers run once: 280 MB are resident then, of which a training touches 90 again. They are unchanged
 * pages of files, which stay in the kernel's cache for as long as it has room; they are this process's memory no longer.
 * Where it cannot be done, off Linux or without a koffi for the machine, a process is larger and nothing else.
 */
export function giveBackLoadingPages(): void {
  const mapped = mappingsOf(LIBRARIES);
  if (mapped.length === 0) return;
  try {
    const koffi: Koffi = require('koffi');
    const madvise = koffi.load(null).func('int madvise(uintptr_t, size_t, int)');
    for (const { from, to } of mapped) madvise(from, Number(to - from), MADV_DONTNEED);
  } catch {
    // No koffi here.
  }
}

/**
 * Addresses of the first, read-only part of each library and of its code: never written, so that each page is that of the
 * file. What follows has been relocated, and must stay.
 */
function mappingsOf(files: readonly string[]): { readonly from: bigint; readonly to: bigint }[] {
  return readMaps().flatMap((line) => {
    const [, from, to, access, offset, path = ''] = /^(\w+)-(\w+) (\S+) (\w+) \S+ \d+ +(.*)$/.exec(line) ?? [];
    const isTable = access === 'r--p' && Number.parseInt(offset ?? '', 16) === 0;
    const wanted = (isTable || access === 'r-xp') && files.some((file) => path.endsWith(`/${file}`));
    return wanted ? [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }] : [];
  });
}

function readMaps(): string[] {
  try {
    return readFileSync('/proc/self/maps', 'utf8').split('\n');
  } catch {
    return [];
  }
}

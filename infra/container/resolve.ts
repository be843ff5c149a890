/** Finds the libraries that the programs below a root need, as the dynamic loader of that root would; loads none. */
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Elf, readElf } from './elf.ts';
import { OPENED_ON_GPU, type Opened } from './opened.ts';
import { PLACES } from './places.ts';

/** What Debian's loader searches where a file names no folder, by `process.arch`. */
const TRIPLES: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** Folders that are searched for every library, on the machine that builds and in the image alike. */
export function systemFolders(arch: string = process.arch): string[] {
  return ['/lib', '/usr/lib'].flatMap((folder) => [`${folder}/${TRIPLES[arch] ?? arch}`, folder]);
}

/** Of the driver, which the machine brings into its containers. */
const DRIVER = /^libcuda\.so\.1$/;

export interface Missing {
  /** Path below the root of the file that needs it. */
  readonly file: string;
  readonly library: string;
}

/** Everything that is needed or opened below a root and is not there. Empty: whatever is started there finds its libraries. */
export function missingLibraries(root: string): Missing[] {
  const files = filesBelow(root);
  const gpu = files.some((file) => file.startsWith(`${PLACES.nvidia}/`));
  return files.flatMap((file) => {
    const elf = readElf(join(root, file));
    if (!elf) return [];
    const opened = (gpu && OPENED_ON_GPU[basename(file)]) || [];
    const lacking = [...elf.needed.map((name) => ({ name })), ...opened].filter(
      ({ name, folder }: Opened) =>
        !DRIVER.test(name) && !findLibrary(root, file, folder ? { ...elf, searched: [folder] } : elf, name),
    );
    const loader = elf.interpreter === null || existsIn(root, elf.interpreter) ? [] : [{ name: elf.interpreter }];
    return [...loader, ...lacking].map(({ name }) => ({ file, library: name }));
  });
}

/** The path in a root where a file finds a library; null where it finds none. */
export function findLibrary(root: string, file: string, { searched }: Elf, library: string): string | null {
  const origin = `/${dirname(file)}`;
  const folders = searched.map((folder) => folder.replace(/\$ORIGIN|\$\{ORIGIN\}/g, origin));
  return findIn(root, [...folders, ...systemFolders()], library);
}

/** As {@link findLibrary}, for a file that names no folders. */
export function findSystemLibrary(root: string, library: string): string | null {
  return findIn(root, systemFolders(), library);
}

function findIn(root: string, folders: readonly string[], library: string): string | null {
  // TensorFlow's search path names a dozen folders, each of them fifty times.
  const paths = [...new Set(folders)].map((folder) => join(folder, library));
  return paths.find((path) => existsIn(root, path)) ?? null;
}

/** Regular files, by path below a root. */
export function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}

/** Whether an absolute path leads to something when `root` is `/`: links lead no further than there. */
export function existsIn(root: string, path: string, links = 40): boolean {
  let at = '';
  const parts = path.split('/').filter(Boolean);
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    at = part === '..' ? dirname(at || '/') : join(at || '/', part);
    const stats = lstatSync(join(root, at), { throwIfNoEntry: false });
    if (!stats) return false;
    if (!stats.isSymbolicLink()) continue;
    if (links === 0) return false;
    const target = readlinkSync(join(root, at));
    const base = target.startsWith('/') ? target : join(dirname(at), target);
    return existsIn(root, join(base, ...parts.slice(index + 1)), links - 1);
  }
  return true;
}

/** The lowest layer: Node.js, the system's libraries that anything in the image needs, and the files that name its user; no shell and no package manager. */
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { SetupError } from '../setup/setup-error.mjs';
import { placeLink } from './copy.ts';
import { readElf } from './elf.ts';
import { PLACES, USER } from './places.ts';
import { filesBelow, findLibrary, findSystemLibrary, systemFolders } from './resolve.ts';

/** The system's folder of libraries, into which the driver's are mounted, too. */
const LIBRARIES = join('usr', systemFolders()[0] ?? 'lib');
/** Where the driver's installer looks for the kind of the system, to know where libraries go; and who made them. */
const IDENTITY = ['etc/debian_version', 'etc/os-release'];

/**
 * Fills the layer from the machine that builds: the Node.js that runs this, and what the files of the other layers need of
 * the machine's own libraries. In an image build that machine is the pinned base image.
 *
 * @param root all other layers put together
 * @throws SetupError where the machine lacks a library, too
 */
export function placeSystem(layer: string, root: string): void {
  // As Debian has it: one folder of libraries, however it is named.
  for (const name of ['lib', 'lib64']) {
    mkdirSync(join(layer, 'usr', name), { recursive: true });
    placeLink(join('usr', name), join(layer, name));
  }
  placeCopy(process.execPath, join(layer, PLACES.node));
  const taken = new Set<string>();
  const take = (base: string, file: string): void => {
    const elf = readElf(join(base, file));
    if (!elf) return;
    for (const library of elf.needed) if (findLibrary(base, file, elf, library) === null) takeLibrary(file, library);
    if (elf.interpreter === null || taken.has(elf.interpreter)) return;
    taken.add(elf.interpreter);
    const loader = takeLibrary(file, basename(elf.interpreter));
    const link = join('usr', elf.interpreter);
    if (link !== loader) placeLink(relative(dirname(link), loader), join(layer, link));
  };
  const takeLibrary = (file: string, library: string): string => {
    const place = join(LIBRARIES, library);
    if (taken.has(library)) return place;
    taken.add(library);
    const path = findSystemLibrary('/', library);
    if (path === null) throw new SetupError(`${file} needs ${library}, which this machine does not have.`);
    placeCopy(path, join(layer, place));
    take(layer, place);
    return place;
  };
  take(layer, PLACES.node);
  for (const file of filesBelow(root)) take(root, file);
  for (const path of IDENTITY) placeCopy(join('/', path), join(layer, path));
  writeText(layer, 'etc/passwd', passwd());
  writeText(layer, 'etc/group', `root:x:0:\n${USER.name}:x:${USER.id}:\n`);
  // Without it the C library asks for names in an order of its own.
  writeText(layer, 'etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n');
  // What a container runtime mounts.
  for (const folder of ['dev', 'proc', 'sys']) mkdirSync(join(layer, folder), { recursive: true });
}

function passwd(): string {
  const { name, id } = USER;
  return `root:x:0:0:root:/:/usr/sbin/nologin\n${name}:x:${id}:${id}:${name}:/${PLACES.state}:/usr/sbin/nologin\n`;
}

/** A copy of what a path leads to: the machine's own files are not ours to share. */
function placeCopy(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(source), target);
}

function writeText(layer: string, path: string, text: string): void {
  mkdirSync(dirname(join(layer, path)), { recursive: true });
  writeFileSync(join(layer, path), text);
}

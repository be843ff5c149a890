/** Puts files into a layer: linked where the disk can, else copied; knows no layer. */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Puts one file to `target`; what is there already stays. A link costs no room, and the image changes no file. */
export function placeFile(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  try {
    linkSync(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Another disk, or a system that links no files of others.
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error;
    copyFileSync(source, target);
  }
}

/**
 * Puts a folder to `target`, symbolic links as they are.
 *
 * @param takes of paths below the folder
 */
export function placeFolder(source: string, target: string, takes: (path: string) => boolean = () => true): void {
  // With types, because without them Node.js would follow links to folders.
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const path = relative(source, from);
    if (entry.isDirectory() || !takes(path)) continue;
    if (entry.isSymbolicLink()) placeLink(readlinkSync(from), join(target, path));
    else placeFile(from, join(target, path));
  }
}

/** Makes a symbolic link, with the folders above it. */
export function placeLink(points: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(points, path);
}

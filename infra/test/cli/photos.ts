/** A folder as people have them, with all that an import must cope with; knows no importer. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { hugePng } from './huge-png.ts';

const photo = (width: number, height: number, r: number) =>
  sharp({ create: { width, height, channels: 3, background: { r, g: 90, b: 200 } } });

/** Fills a folder: six usable pictures in two classes, one of them behind a link, and one of everything that is none. */
export async function makePhotos(folder: string): Promise<void> {
  for (const name of ['cats', 'dogs']) mkdirSync(join(folder, name), { recursive: true });
  await photo(60, 40, 10).jpeg().toFile(join(folder, 'cats/colour.jpg'));
  await photo(60, 40, 20).grayscale().png().toFile(join(folder, 'cats/gray.png'));
  await photo(31, 77, 30).ensureAlpha(0.5).webp().toFile(join(folder, 'cats/alpha.webp'));
  await photo(60, 40, 40).withMetadata({ orientation: 6 }).jpeg().toFile(join(folder, 'dogs/turned.jpg'));
  await photo(5, 5, 50).png().toFile(join(folder, 'dogs/tiny größe 😀.png'));
  symlinkSync(join(folder, 'cats/gray.png'), join(folder, 'dogs/link.png'));
  symlinkSync(folder, join(folder, 'dogs/loop'));
  writeFileSync(join(folder, 'dogs/broken.png'), readFileSync(join(folder, 'cats/gray.png')).subarray(0, 60));
  writeFileSync(join(folder, 'dogs/huge.png'), hugePng(50_000));
  writeFileSync(join(folder, 'dogs/empty.jpg'), '');
  writeFileSync(join(folder, 'dogs/notes.txt'), 'woof');
  writeFileSync(join(folder, 'dogs/.hidden.png'), readFileSync(join(folder, 'cats/gray.png')));
  writeFileSync(join(folder, '.DS_Store'), 'x');
}

/** Google's emoji of the package `emoji-datasource-google` as a folder with one sub-folder for each category. */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Emoji {
  readonly image: string;
  readonly category: string;
  readonly has_img_google: boolean;
  /** The same with other skin tones. */
  readonly skin_variations?: Readonly<Record<string, { readonly image: string; readonly has_img_google: boolean }>>;
}

/** Copies every 64×64 picture, skin tones too, into the folder of its category; returns the folder's name. */
export async function writeEmoji(packageFolder: string, folder: string): Promise<readonly string[]> {
  const list = JSON.parse(await readFile(join(packageFolder, 'emoji.json'), 'utf8')) as readonly Emoji[];
  const categories = new Set(list.map(({ category }) => category));
  for (const category of categories) await mkdir(join(folder, 'emoji', category), { recursive: true });
  for (const { category, skin_variations = {}, ...emoji } of list) {
    for (const { image, has_img_google } of [emoji, ...Object.values(skin_variations)]) {
      if (!has_img_google) continue;
      await copyFile(join(packageFolder, 'img', 'google', '64', image), join(folder, 'emoji', category, image));
    }
  }
  return ['emoji'];
}

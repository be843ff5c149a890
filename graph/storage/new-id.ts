/** Makes ids that sort newest first as plain text. */
import type { Ganway } from '../ganway.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
/** Nine digits of base 36 last until the year 5188. */
const LATEST = 36 ** 9 - 1;

/** `<project>-<inverted time><random>`: nine characters of time, nine of randomness. */
export function newId(g: Pick<Ganway, 'now' | 'random'>, projectId: string): string {
  const inverted = (LATEST - g.now().getTime()).toString(36).padStart(9, '0');
  return `${projectId}-${inverted}${randomText(g, 9)}`;
}

/** Random lower-case letters and digits. */
export function randomText(g: Pick<Ganway, 'random'>, length: number): string {
  return Array.from(g.random(length), (byte) => ALPHABET[byte % 36]).join('');
}

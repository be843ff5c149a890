/** Maps object keys to paths of files and back, one to one; touches no disk. */

/**
 * Bytes of a key's segment that one name holds. A byte takes up to three characters, and a name may have 255.
 */
const CHUNK = 80;

/** Marks a folder; without it the objects `a` and `a/b` could not live side by side. */
const FOLDER = '~';
/** Marks a folder that holds the rest of a segment too long for one name. */
const REST = '^';

const encodeByte = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/**
 * One piece of a segment as a file name. Capitals are escaped because some file systems do not tell them from small
 * letters, dots at either end because they mean something there.
 */
function encodePiece(piece: string): string {
  if (piece === '') return '%';
  return piece.replaceAll(/[^a-z0-9._-]|^\.|\.$/g, encodeByte);
}

function decodePiece(name: string): string {
  return name === '%'
    ? ''
    : name.replaceAll(/%([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * The path of an object's file below the store's folder, as names.
 *
 * @param key one character per byte, as `byteOrder` makes it.
 */
export function namesOf(key: string): string[] {
  const names: string[] = [];
  const segments = key.split('/');
  segments.forEach((segment, index) => {
    let at = 0;
    // "At least", not "more than": then all keys that begin with a full chunk are in one folder, and lists stay in
    // order.
    for (; segment.length - at >= CHUNK; at += CHUNK) names.push(encodePiece(segment.slice(at, at + CHUNK)) + REST);
    const last = index === segments.length - 1;
    names.push(encodePiece(segment.slice(at)) + (last ? '' : FOLDER));
  });
  return names;
}

/** What a name in a folder adds to the key so far, or null for a file that is none of ours. */
export function partOf(name: string): { readonly part: string; readonly folder: boolean } | null {
  const mark = name.at(-1);
  const folder = mark === FOLDER || mark === REST;
  const bare = folder ? name.slice(0, -1) : name;
  const piece = decodePiece(bare);
  if (encodePiece(piece) !== bare || bare === '') return null;
  return { part: mark === FOLDER ? `${piece}/` : piece, folder };
}

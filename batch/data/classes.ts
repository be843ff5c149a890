/** Decides which classes a set of images has, from the folders they lay in or the labels they came with. */

/** Where an image came from, as far as its class is concerned. */
export type Origin =
  /** Folder inside the upload, without the file's name; empty at the top. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** A labelled record, and the names of all labels of its file. */
  | { readonly kind: 'label'; readonly label: number; readonly classes: readonly string[] }
  | { readonly kind: 'none' };

export interface Classes {
  /** Names in the order of label numbers; empty where the set has no labels. */
  readonly classes: readonly string[];
  /** Label number of each origin. */
  readonly labels: readonly number[];
}

/** Labels are uint16. */
const MOST = 65_536;

/**
 * Every image has a class, or none has. The class of an image in folders is the first folder below those that all images
 * share (a zipped folder has its own name in front), and classes are sorted by name; labelled records keep their numbers.
 */
export function assignClasses(origins: readonly Origin[]): Classes {
  const unlabelled = { classes: [], labels: origins.map(() => 0) };
  const names = classNames(origins);
  if (names === null) return unlabelled;
  const classes = declaredClasses(origins) ?? [...new Set(names)].sort();
  if (classes.length > MOST) return unlabelled;
  const numbers = new Map(classes.map((name, number) => [name, number]));
  return { classes, labels: names.map((name) => numbers.get(name) ?? 0) };
}

function classNames(origins: readonly Origin[]): string[] | null {
  const folders = origins.flatMap((origin) => (origin.kind === 'folder' ? [origin.folder.split('/')] : []));
  const shared = sharedDepth(folders);
  const names: string[] = [];
  for (const origin of origins) {
    const name =
      origin.kind === 'folder'
        ? origin.folder.split('/')[shared]
        : origin.kind === 'label'
          ? origin.classes[origin.label]
          : undefined;
    if (name === undefined || name === '') return null;
    names.push(name);
  }
  return names;
}

/** Number of leading folders that all have in common. */
function sharedDepth(folders: readonly (readonly string[])[]): number {
  const [first, ...rest] = folders;
  let depth = 0;
  while (first !== undefined && depth < first.length && rest.every((folder) => folder[depth] === first[depth]))
    depth += 1;
  return depth;
}

/** The list of names that all records share, where there are only records. */
function declaredClasses(origins: readonly Origin[]): readonly string[] | null {
  let longest: readonly string[] = [];
  for (const origin of origins) {
    if (origin.kind !== 'label') return null;
    if (origin.classes.length > longest.length) longest = origin.classes;
  }
  const agrees = origins.every(
    (origin) => origin.kind === 'label' && origin.classes.every((name, n) => name === longest[n]),
  );
  return agrees ? longest : null;
}

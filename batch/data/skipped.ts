/** Counts and lists what an import leaves out, as the manifest keeps it. */
import type { DatasetManifest } from '../../graph/spec/dataset.ts';
import type { Skipped } from './limits.ts';

/** Entries that a manifest lists by name; all are counted. */
const LISTED = 1000;
const NAME_CHARACTERS = 300;

export interface SkippedList {
  add(skipped: Skipped): void;
  total(): number;
  /** For the manifest: the first {@link LISTED} in the order in which they were met. */
  summary(): Pick<DatasetManifest['source'], 'skipped' | 'skippedTotal'>;
}

/** An empty list; `onSkipped` hears of every file, listed or not. */
export function createSkippedList(onSkipped: (skipped: Skipped) => void = () => {}): SkippedList {
  const listed: Skipped[] = [];
  let total = 0;
  return {
    add({ name, reason }) {
      const clean = { name: printable(name), reason };
      total += 1;
      if (listed.length < LISTED) listed.push(clean);
      onSkipped(clean);
    },
    total: () => total,
    summary: () => ({ skipped: [...listed], skippedTotal: total }),
  };
}

/** A name from an archive may hold line breaks and escape sequences; logs and terminals are to be spared them. */
function printable(name: string): string {
  const clean = name.replace(/\p{C}/gu, '\ufffd');
  return clean.length > NAME_CHARACTERS ? `${clean.slice(0, NAME_CHARACTERS)}…` : clean;
}

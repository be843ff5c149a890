/** Problems of an input, each at its path; validation collects all of them before it answers. */

/** Stable codes of problems. */
export type IssueCode =
  | 'UNKNOWN_PRESET'
  | 'UNKNOWN_DATASET'
  | 'UNKNOWN_UPLOAD'
  | 'UNKNOWN_CHECKPOINT'
  | 'UPLOAD_INCOMPLETE'
  | 'UNKNOWN_MACHINE'
  | 'OUT_OF_RANGE'
  | 'NOT_AN_INTEGER'
  | 'TOO_LONG'
  | 'REQUIRED'
  | 'DOES_NOT_FIT_DATASET'
  | 'DOES_NOT_FIT_MODEL'
  | 'DOES_NOT_FIT_CHECKPOINT'
  | 'DOES_NOT_FIT_MEMORY'
  | 'DOES_NOT_FIT_SLOT'
  | 'HAS_NO_EFFECT'
  | 'KEY_USED_BY_DELETED_RUN'
  | 'MALFORMED';

export interface Issue {
  /** Path into the input, e.g. `["training", "batchSize"]`. */
  readonly path: readonly string[];
  readonly code: IssueCode;
  /** A sentence that says what is wrong and what would be right. */
  readonly message: string;
}

/** Collects issues below a path. */
export interface Collector {
  readonly issues: Issue[];
  add(path: readonly string[], code: IssueCode, message: string): void;
  /** The value where it is within the bounds, both included; otherwise an issue and the fallback. */
  number(path: readonly string[], value: number | null | undefined, bounds: Bounds): number;
}

export interface Bounds {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  /** The lower bound itself is not allowed. */
  readonly above?: boolean;
  /** The upper bound itself is not allowed. */
  readonly below?: boolean;
}

export function collector(root: readonly string[]): Collector {
  const issues: Issue[] = [];
  const add: Collector['add'] = (path, code, message) => {
    issues.push({ path: [...root, ...path], code, message });
  };
  return {
    issues,
    add,
    number(path, value, { fallback, min, max, integer = false, above = false, below = false }) {
      if (value == null) return fallback;
      const name = path.at(-1) ?? 'value';
      if (integer && !Number.isInteger(value)) {
        add(path, 'NOT_AN_INTEGER', `${name} must be a whole number; ${value} is not.`);
        return fallback;
      }
      const tooLow = above ? !(value > min) : !(value >= min);
      const tooHigh = below ? !(value < max) : !(value <= max);
      if (tooLow || tooHigh) {
        const low = above ? `above ${min}` : `at least ${min}`;
        const high = below ? `below ${max}` : `at most ${max}`;
        add(path, 'OUT_OF_RANGE', `${name} must be ${low} and ${high}; ${value} is not.`);
        return fallback;
      }
      return value;
    },
  };
}

/** The candidate most like a word, for "did you mean"; null where none is close. Distance of Levenshtein (1966). */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.ceil(best.candidate.length / 2)) ? best.candidate : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const substituted = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

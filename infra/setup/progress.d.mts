/** Types of `progress.mjs`. */
export interface Step {
  /** What it does at this moment. */
  now(text: string): void;
  /** How many bytes of a download are there. */
  bytes(done: number, total: number): void;
  /** Ended; a text stays on the screen. */
  done(text?: string): void;
}

export interface Progress {
  step(title: string): Step;
  /** A sentence that stays on the screen. */
  note(text: string): void;
  /** Removes the progress line. */
  close(): void;
}

/** One line rewritten on a terminal, a line every few seconds elsewhere; always stderr unless told otherwise. */
export function createProgress(options?: { stream?: NodeJS.WriteStream; quiet?: boolean }): Progress;

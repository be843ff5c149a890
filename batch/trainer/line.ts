/** A bounded queue of asynchronous jobs done one after the other, so that what they write stays in order. */

export interface Line {
  /** Adds a job. Resolves as soon as at most `room` jobs wait. Rejects with the error of an earlier job. */
  add(job: () => Promise<void> | void): Promise<void>;
  /** Resolves when all jobs added so far are done; rejects with the first error, after which no job was run. */
  done(): Promise<void>;
}

/** @param room jobs that may wait before `add` makes its caller wait, default 4 */
export function createLine(room = 4): Line {
  let tail: Promise<void> = Promise.resolve();
  const waiting: Promise<void>[] = [];
  return {
    add: async (job) => {
      tail = tail.then(job);
      // Whoever adds or ends next learns of the error; until then it must not count as unhandled.
      tail.catch(() => {});
      waiting.push(tail);
      while (waiting.length > room) await waiting.shift();
    },
    done: () => tail,
  };
}

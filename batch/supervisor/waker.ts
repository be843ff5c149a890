/** A pause that a hint can cut short; a hint given meanwhile is not lost. */

export interface Waker {
  wake(): void;
  /** Resolves at the next hint (at once where one was given since the last pause), or after so many milliseconds. */
  pause(milliseconds: number): Promise<void>;
}

export function createWaker(): Waker {
  let hinted = false;
  let resolve: (() => void) | null = null;
  return {
    wake: () => {
      hinted = true;
      resolve?.();
    },
    pause: async (milliseconds) => {
      if (!hinted) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, milliseconds);
          resolve = () => {
            clearTimeout(timer);
            done();
          };
        });
        resolve = null;
      }
      hinted = false;
    },
  };
}

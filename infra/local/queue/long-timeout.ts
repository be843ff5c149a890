/** A timer that may be longer than the 24.8 days that setTimeout can hold. */

const LONGEST = 2 ** 31 - 1;

/** @returns what cancels it */
export function longTimeout(milliseconds: number, then: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number) => {
    timer = setTimeout(() => (left > LONGEST ? arm(left - LONGEST) : then()), Math.min(left, LONGEST));
  };
  arm(milliseconds);
  return () => clearTimeout(timer);
}

/** When a link to read expires, rounded so that the same link is made for an hour and a client's cache works. */

const HOUR_MS = 3_600_000;

/** Seconds that a link lives from the hour it is dated to: it is good for one hour at least, two at most. */
export const READ_LIFETIME = 7200;

/** Seconds that a link to write lives. */
export const WRITE_LIFETIME = 3600;

/** The beginning of the hour of a moment. */
export function hourOf(now: Date): Date {
  return new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
}

/** A moment so many seconds later. */
export function later(start: Date, seconds: number): Date {
  return new Date(start.getTime() + seconds * 1000);
}

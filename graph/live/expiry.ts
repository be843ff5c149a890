/** The end of a connection's proof, which ends what was begun over it; knows no token. */
import type { GraphQLFormattedError } from 'graphql';
import type { Viewer } from '../ganway.ts';

/** When the proof of who is behind it ends, in milliseconds; null where it does not. */
export interface Ending {
  readonly expiresAt: number | null;
}

/** Whether the proof has ended. */
export function hasEnded({ expiresAt }: Ending, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** The viewer, with the end of the proof that a connection was made with. */
export function endingWith(viewer: Viewer, { expiresAt }: Ending): Viewer {
  return expiresAt === null ? viewer : { ...viewer, expiresAt: new Date(expiresAt) };
}

/** What is said of an operation whose proof has ended. */
export const proofEnded: GraphQLFormattedError = {
  message: 'The token that this connection was made with has ended. Connect again with a new one.',
  extensions: { code: 'UNAUTHENTICATED' },
};

/** Errors that are answered with one sentence and exit code 1, not with a stack trace; knows no step of the set-up. */

/** Something the person at the machine can put right; the message says how. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/** Native TensorFlow cannot be had on this machine as it is; a command that can do without goes on and says so. */
export class NativeUnavailable extends SetupError {}

/** What the codes of the operating system and of the network mean to somebody who wants to train a GAN. */
const SENTENCES = {
  ENOSPC:
    'The disk is full. Free some space (the set-up needs about 3 GB, with the libraries of a GPU 7 GB), then run the command again; it goes on where it was.',
  EDQUOT:
    'Your disk quota is used up. Free some space (the set-up needs about 3 GB, with the libraries of a GPU 7 GB), then run the command again.',
  EROFS: 'This file system is read-only. Set GANWAY_CACHE to a folder that can be written.',
  EACCES: 'A file or folder may not be accessed. Set GANWAY_CACHE to a folder of your own, or correct its permissions.',
  EPERM: 'An operation is not permitted. Set GANWAY_CACHE to a folder of your own, or correct its permissions.',
  ENOTFOUND: 'A host name cannot be resolved. Is this machine online, or behind a proxy (HTTPS_PROXY)?',
  EAI_AGAIN: 'A host name cannot be resolved. Is this machine online, or behind a proxy (HTTPS_PROXY)?',
  ECONNREFUSED: 'A connection was refused. Is this machine online, or behind a proxy (HTTPS_PROXY)?',
  ECONNRESET: 'The connection broke again and again. Run the command again; a download goes on where it was.',
  ETIMEDOUT: 'A host gave no answer. Is this machine online, or behind a proxy (HTTPS_PROXY)?',
  ENETUNREACH: 'The network cannot be reached. Is this machine online?',
  EHOSTUNREACH: 'A host cannot be reached. Is this machine online, or behind a proxy (HTTPS_PROXY)?',
};

/**
 * One sentence about what went wrong and what to do.
 * @param {unknown} error
 * @returns {string}
 */
export function explain(error) {
  if (error instanceof SetupError) return error.message;
  const { code, message, cause } = /** @type {Error & {code?: string, cause?: unknown}} */ (error);
  const sentence = code === undefined ? undefined : SENTENCES[/** @type {keyof typeof SENTENCES} */ (code)];
  if (sentence) return `${sentence} (${message})`;
  return cause instanceof Error ? `${message}: ${explain(cause)}` : String(message ?? error);
}

/**
 * Ends the process with exit code 1 and one sentence on stderr; `GANWAY_DEBUG=1` adds the stack.
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  console.error(`ganway: ${explain(error)}`);
  if (process.env.GANWAY_DEBUG) console.error(error);
  process.exit(1);
}

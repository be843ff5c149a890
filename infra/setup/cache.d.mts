/** Types of `cache.mjs`. */

/** The root of the checkout. */
export const checkout: string;

/** The cache folder, made when it is missing. Throws SetupError where none can be written. */
export function cacheFolder(env?: NodeJS.ProcessEnv): string;

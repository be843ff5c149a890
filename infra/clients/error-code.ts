/** What any thrown value says about itself, its short name and its HTTP status; decides nothing. */

/** The service's code, else the operating system's, else the class of the error. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('Code' in error && typeof error.Code === 'string') return error.Code;
  return error.name;
}

/** The HTTP status of the reply, or undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

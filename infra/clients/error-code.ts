/** The short name of any thrown value; knows no library. */

/** The service's code, else the operating system's, else the class of the error. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('Code' in error && typeof error.Code === 'string') return error.Code;
  return error.name;
}

/** One line of the doctor's report; knows nothing of what is looked at. */

export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'missing';
  /** What was found. */
  readonly value: string;
  /** What to do; null where nothing is to be done. */
  readonly advice: string | null;
}

export const ok = (name: string, value: string): Finding => ({ name, status: 'ok', value, advice: null });

/** Something is lost, and Ganway goes on without it. */
export const warn = (name: string, value: string, advice: string): Finding => ({ name, status: 'warn', value, advice });

/** Ganway cannot do without it. */
export const missing = (name: string, value: string, advice: string): Finding => ({
  name,
  status: 'missing',
  value,
  advice,
});

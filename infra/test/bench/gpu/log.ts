/** Where a benchmark writes down all that it sees, so that nobody has to take a figure on trust; knows no figure. */
import { appendFileSync, writeFileSync } from 'node:fs';

export interface Log {
  readonly path: string;
  /** To a person who waits, and into the log. */
  note(text: string): void;
  /** One line of JSON: a result, which goes to standard output as well where that was asked for. */
  result(fields: object): void;
  /** One line of JSON, for the log alone. */
  detail(kind: string, fields: object): void;
  /** Text of another program, for the log alone. */
  quote(title: string, text: string): void;
}

/** Begins the file anew. */
export function openLog(path: string, { json }: { readonly json: boolean }): Log {
  writeFileSync(path, '');
  const append = (text: string): void => appendFileSync(path, `${new Date().toISOString()} ${text}\n`);
  return {
    path,
    note(text) {
      process.stderr.write(`bench: ${text}\n`);
      append(text);
    },
    result(fields) {
      if (json) process.stdout.write(`${JSON.stringify(fields)}\n`);
      append(`result ${JSON.stringify(fields)}`);
    },
    detail: (kind, fields) => append(`${kind} ${JSON.stringify(fields)}`),
    quote: (title, text) => append(`${title}\n${text.trimEnd().replaceAll(/^/gm, '  | ')}`),
  };
}

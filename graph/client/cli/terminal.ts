/** Words, tables and JSON on a terminal or in a pipe; knows no API. */
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';

export interface Terminal {
  /** True: scripts read the output, one JSON value a line. */
  readonly json: boolean;
  /** True where a person looks at standard output and lines can be redrawn. */
  readonly interactive: boolean;
  print(line: string): void;
  /** For what is not the result: goes to standard error, and nowhere with `--json`. */
  note(line: string): void;
  value(value: unknown): void;
}

export function openTerminal(json: boolean): Terminal {
  return {
    json,
    interactive: !json && process.stdout.isTTY === true,
    print: (line) => process.stdout.write(`${line}\n`),
    note: (line) => {
      if (!json) process.stderr.write(`${pc.dim(line)}\n`);
    },
    value: (value) => process.stdout.write(`${JSON.stringify(value)}\n`),
  };
}

/** Rows in columns as wide as their widest cell. Numbers stand to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  const right = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return right[column] ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
  const [first = '', ...rest] = lines;
  return [pc.bold(first), ...rest].join('\n');
}

/** Columns on the screen: colours take none. */
function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

const PHASE_COLOURS: Record<string, (text: string) => string> = {
  SUCCEEDED: pc.green,
  RUNNING: pc.cyan,
  FAILED: pc.red,
  STOPPED: pc.yellow,
};

export function phaseText(phase: string): string {
  return (PHASE_COLOURS[phase] ?? ((text: string) => text))(phase);
}

/** `1h 02m`, `3m 07s`, `42s`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours}h ${String(minutes).padStart(2, '0')}m`;
  return minutes > 0 ? `${minutes}m ${String(rest).padStart(2, '0')}s` : `${rest}s`;
}

export function bytesText(bytes: number): string {
  return bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(0)} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

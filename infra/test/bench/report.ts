/** What a benchmark says: figures as a table for people or as lines of JSON for programs; measures nothing. */
import { cpus, loadavg } from 'node:os';

/** One number that was measured. */
export interface Figure {
  /** Dotted, for programs: `latency.append.4.p95`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value should not exceed it; null where nothing was promised. */
  readonly target: number | null;
}

export interface Reporter {
  /** Says what goes on, to a person who waits. */
  note(text: string): void;
  /** Prints figures under a title. */
  figures(title: string, figures: readonly Figure[]): void;
}

/** With `json` standard output has one line a figure, `{name, value, unit, target, ok, processor, load}`, and nothing else. */
export function createReporter({ json }: { readonly json: boolean }): Reporter {
  const processor = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  // What others do to this machine shows before the benchmark's own work does.
  const before = loadavg().map(round);
  const load = () => ({ before, after: loadavg().map(round) });
  return {
    note: (text) => process.stderr.write(`bench: ${text}\n`),
    figures: (title, figures) => {
      const rows = figures.map((figure) => ({ ...figure, value: round(figure.value), ok: isOk(figure) }));
      if (json) {
        for (const row of rows) process.stdout.write(`${JSON.stringify({ ...row, processor, load: load() })}\n`);
        return;
      }
      const { after } = load();
      const cells = rows.map(({ name, value, unit, target, ok }) => [
        name,
        `${value} ${unit}`,
        target === null ? '' : `≤ ${target} ${unit}`,
        ok === null ? '' : ok ? 'ok' : 'MISSED',
      ]);
      process.stdout.write(`\n${title}\n${table([['figure', 'value', 'target', ''], ...cells])}`);
      process.stdout.write(`${processor}; load average ${before.join(' ')} before, ${after.join(' ')} after\n`);
    },
  };
}

/** Null where nothing was promised. What could not be measured is never ok. */
function isOk({ value, target }: Figure): boolean | null {
  return target === null ? null : value <= target;
}

/** Four significant digits are more than any of this repeats to. */
const round = (value: number): number => Number(value.toPrecision(4));

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
    .concat('\n');
}

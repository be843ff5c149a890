/** Metrics as the API shows them: single values, and series in buckets. */

import { bucketize, bucketWidth } from '../run/buckets.ts';
import type { MetricRow } from '../run/history.ts';
import { fromJsonNumber, type JsonNumber } from '../run/numbers.ts';
import { badInput } from './errors.ts';
import type { MetricModel } from './models.ts';
import type { MetricSeries, MetricValueResolvers, NonFinite, RunMetricsArgs } from './types.gen.ts';

/** Most points of a series. */
export const MAX_BUCKETS = 2000;

/** The values of a row, by name. */
export function valuesOf(row: MetricRow): MetricModel[] {
  return Object.entries(row.values)
    .map(([name, value]) => ({ name, step: row.step, value, at: row.at }))
    .sort(byName);
}

export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function nonFinite(stored: JsonNumber): NonFinite | null {
  const value = fromJsonNumber(stored);
  if (Number.isFinite(value)) return null;
  if (Number.isNaN(value)) return 'NAN';
  return value > 0 ? 'POSITIVE_INFINITY' : 'NEGATIVE_INFINITY';
}

export const metricValue: MetricValueResolvers = {
  value: ({ value }) => (nonFinite(value) === null ? fromJsonNumber(value) : null),
  nonFinite: ({ value }) => nonFinite(value),
};

/**
 * The series that `args` asks for, all of one bucket width. Names nobody logged are left out.
 *
 * @throws GraphQLError `BAD_USER_INPUT` where buckets is out of range or the range is empty.
 */
export function seriesOf(rows: readonly MetricRow[], args: Partial<RunMetricsArgs>): MetricSeries[] {
  const buckets = args.buckets ?? 500;
  if (buckets < 1 || buckets > MAX_BUCKETS) {
    throw badInput(`buckets must be from 1 to ${MAX_BUCKETS}, but is ${buckets}.`, ['buckets']);
  }
  const from = args.from ?? 0;
  const to = args.to ?? Math.max(from, rows.at(-1)?.step ?? 0);
  if (from > to) throw badInput(`from must not be above to, but ${from} is above ${to}.`, ['from']);
  const width = bucketWidth(from, to, buckets);
  const wanted = args.names ? new Set(args.names) : null;
  const points = new Map<string, { step: number; value: JsonNumber }[]>();
  for (const { step, values } of rows) {
    if (step < from || step > to) continue;
    for (const [name, value] of Object.entries(values)) {
      if (wanted && !wanted.has(name)) continue;
      const series = points.get(name) ?? [];
      series.push({ step, value });
      points.set(name, series);
    }
  }
  return [...points].map(([name, series]) => ({ name, points: bucketize(series, width) })).sort(byName);
}

/** A score as a person reads it, and as a script does; computes nothing. */
import { toJsonNumber } from '../../graph/run/numbers.ts';
import { metrics } from './catalogue.ts';
import type { Measured, Score } from './score.ts';

/** One line of JSON: `value` and the rest on one level, the floor's below `floor`. */
export function scoreAsJson({ details, floor, ...score }: Score): string {
  const flat = { ...score, ...details, floor: floor && { ...floor, ...floor.details, details: undefined } };
  return JSON.stringify(flat, (_, value) => (typeof value === 'number' ? toJsonNumber(value) : value));
}

/** A short table. */
export function formatScore(score: Score): string {
  const { metric, name, floor, dimensions, extractor, real, fake } = score;
  const rows: [name: string, text: string][] = [
    [name, valueText(score)],
    ['real against real', floor ? `${valueText(floor)}, of ${countText(floor.real)} each` : 'too few reals'],
    ['samples', `${countText(real)} real, ${countText(fake)} fake`],
    ['features', `${countText(dimensions)}, ${extractor === 'given' ? 'as given' : extractor}`],
    ...Object.entries(score.details)
      .filter(([name]) => name !== 'deviation')
      .map(([name, detail]): [string, string] => [wordsOf(name), detailText(detail)]),
    ['meaning', metrics[metric].title],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

function valueText({ value, details }: Measured): string {
  const { deviation } = details;
  return typeof deviation === 'number' ? `${numberText(value)} ± ${numberText(deviation)}` : numberText(value);
}

function detailText(detail: unknown): string {
  if (typeof detail === 'number') return numberText(detail);
  if (typeof detail === 'boolean') return detail ? 'yes' : 'no';
  if (Array.isArray(detail)) return detail.map(detailText).join('; ');
  if (typeof detail === 'object' && detail !== null) {
    return Object.entries(detail)
      .map(([name, value]) => `${name} ${detailText(value)}`)
      .join(', ');
  }
  return String(detail);
}

const numberText = (value: number): string => String(Number(value.toPrecision(6)));
const countText = (count: number): string => count.toLocaleString('en');
/** `subsetSize` as `subset size`. */
const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What of a training lives outside the program: counters and the open tick; together with the program's state it is all. */
import * as v from 'valibot';
import { fromJsonNumber, type JsonNumber, jsonNumber, toJsonNumber } from '../../graph/run/numbers.ts';

/** Sums over the steps since the last metric row, in float64. */
export interface Tick {
  readonly steps: number;
  readonly sums: Readonly<Record<string, number>>;
}

/** `host.json` of a checkpoint. What a clock measured is not in here: it would not be the same when run again. */
export interface HostState {
  /** Updates of both networks so far. */
  readonly step: number;
  /** Real images shown so far. */
  readonly images: number;
  /** Part of every RNG key; a guard's rewind draws a new one. */
  readonly salt: number;
  /** Factor on every learning rate. */
  readonly learningRateScale: number;
  readonly tick: Tick;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const hostFile = v.object({
  v: v.literal(1),
  step: count,
  images: count,
  salt: count,
  learningRateScale: v.number(),
  tick: v.object({ steps: count, sums: v.record(v.string(), jsonNumber) }),
});

export const EMPTY_TICK: Tick = { steps: 0, sums: {} };

/** Where every training begins. */
export const FIRST: HostState = { step: 0, images: 0, salt: 0, learningRateScale: 1, tick: EMPTY_TICK };

/** The tick with the values of one more step in it. */
export function addToTick(tick: Tick, values: Readonly<Record<string, number>>): Tick {
  const sums: Record<string, number> = {};
  for (const [name, value] of Object.entries(values)) sums[name] = (tick.sums[name] ?? 0) + value;
  return { steps: tick.steps + 1, sums };
}

/** Means over the steps of a tick that has at least one. */
export function meansOf(tick: Tick): Record<string, JsonNumber> {
  return mapValues(tick.sums, (sum) => toJsonNumber(sum / tick.steps));
}

/** Text of `host.json`. JSON keeps every finite float64 exactly. */
export function formatHostState(host: HostState): string {
  return JSON.stringify({ v: 1, ...host, tick: { ...host.tick, sums: mapValues(host.tick.sums, toJsonNumber) } });
}

/** Reads {@link formatHostState}'s text. Throws where it is something else. */
export function parseHostState(text: string): HostState {
  const { step, images, salt, learningRateScale, tick } = v.parse(hostFile, JSON.parse(text));
  return { step, images, salt, learningRateScale, tick: { ...tick, sums: mapValues(tick.sums, fromJsonNumber) } };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

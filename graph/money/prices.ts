/** The dated price table of rented machines, checked when it is loaded; knows nobody who could ask for newer prices. */
import * as v from 'valibot';
import type { Machine } from './machine.ts';
import table from './prices.json' with { type: 'json' };
import { SIZES } from './sizes.ts';

const IDS = SIZES.map(({ id }) => id);

const priceList = v.object({
  pricedAt: v.pipe(v.string(), v.isoDate()),
  /** Where the prices come from, in a sentence. */
  source: v.pipe(v.string(), v.nonEmpty()),
  /** By the id of a size; one that is missing cannot be had there, or is not known. */
  usdPerHour: v.record(v.picklist(IDS), v.pipe(v.number(), v.gtValue(0), v.maxValue(1000))),
});

const priceTable = v.object({
  v: v.literal(1),
  note: v.string(),
  /** By AWS's name of the region. */
  regions: v.record(
    v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/)),
    v.object({ onDemand: priceList, spot: priceList }),
  ),
});

export type PriceList = v.InferOutput<typeof priceList>;
export type PriceTable = v.InferOutput<typeof priceTable>;

/** The table in a value read from JSON. @throws Error that names every place which is wrong */
export function parsePrices(value: unknown): PriceTable {
  const parsed = v.safeParse(priceTable, value);
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the table'}: ${issue.message}`);
  throw new Error(`The price table cannot be used. ${problems.join('; ')}.`);
}

/** The table of the repository. */
export const PRICES: PriceTable = parsePrices(table);

/** Every machine that has a price in a region, both ways of paying, smallest first; none in a region without prices. */
export function machinesIn(region: string, { regions }: PriceTable = PRICES): Machine[] {
  const prices = regions[region];
  if (!prices) return [];
  const ways = [
    { spot: true, list: prices.spot },
    { spot: false, list: prices.onDemand },
  ];
  return SIZES.flatMap((size) =>
    ways.flatMap(({ spot, list: { usdPerHour, pricedAt } }) => {
      const price = usdPerHour[size.id];
      return price === undefined ? [] : [{ size, spot, usdPerHour: price, pricedAt }];
    }),
  );
}

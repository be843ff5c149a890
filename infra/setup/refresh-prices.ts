/** The verb `ganway prices refresh`: the price table of the repository, written anew from AWS's own prices; knows no run. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type PriceList, type PriceTable, parsePrices } from '../../graph/money/prices.ts';
import { SIZES } from '../../graph/money/sizes.ts';
import { onDemandPrices, type SpotOptions, spotPrices, type UsdPerHour } from '../clients/aws-prices.ts';

export const PRICE_FILE = fileURLToPath(new URL('../../graph/money/prices.json', import.meta.url));

const TYPES = SIZES.map(({ instanceType }) => instanceType);

export interface RefreshOptions {
  /** Default: the table of the repository. */
  readonly path?: string;
  readonly now: Date;
  readonly say: (line: string) => void;
  /** Default: AWS itself. */
  readonly priceList?: string;
  /** Default: AWS itself, with the credentials that its SDK finds. */
  readonly ec2?: Pick<SpotOptions, 'endpoint' | 'credentials'>;
}

/** Asks for the prices of every region in the table. What cannot be had keeps its old price and date, and is said. */
export async function refreshPrices({
  path = PRICE_FILE,
  now,
  say,
  priceList,
  ec2 = {},
}: RefreshOptions): Promise<PriceTable> {
  const before = parsePrices(JSON.parse(await readFile(path, 'utf8')));
  const regions: Record<string, PriceTable['regions'][string]> = {};
  for (const [region, old] of Object.entries(before.regions)) {
    say(`${region}: reading AWS's price list, which is large`);
    const listed = await onDemandPrices(region, TYPES, priceList ? { endpoint: priceList } : {});
    const onDemand = newer(old.onDemand, listed.usdPerHour, listed.pricedAt, "AWS's public price list.");
    const asked = await spotPrices(region, TYPES, { ...ec2, at: now });
    if (!asked) say(`${region}: no AWS credentials, so its spot prices stay those of ${old.spot.pricedAt}`);
    const spot = asked
      ? newer(old.spot, asked, now.toISOString().slice(0, 10), "EC2's spot prices of that day, the dearest zone.")
      : old.spot;
    regions[region] = { onDemand, spot };
    say(`${region}: ${Object.keys(onDemand.usdPerHour).length} of ${TYPES.length} machines`);
  }
  const table = parsePrices({ ...before, regions });
  await writeFile(path, `${JSON.stringify(table, null, 2)}\n`);
  return table;
}

/** The prices that came; nothing at all is no answer. */
function newer(old: PriceList, usdPerHour: UsdPerHour, pricedAt: string, source: string): PriceList {
  const bySize = SIZES.flatMap(({ id, instanceType }) => {
    const price = usdPerHour[instanceType];
    return price === undefined ? [] : [[id, price]];
  });
  return bySize.length > 0 ? { pricedAt, source, usdPerHour: Object.fromEntries(bySize) } : old;
}

/** Runs the verb and returns its exit code, as all verbs do. */
export async function main(argv: readonly string[]): Promise<0 | 1 | 2> {
  if (argv.length !== 1 || argv[0] !== 'refresh') {
    console.error(
      'ganway: ganway prices refresh asks AWS for the prices of machines and writes graph/money/prices.json.',
    );
    return 2;
  }
  try {
    await refreshPrices({ now: new Date(), say: (line) => console.error(`ganway: ${line}`) });
    return 0;
  } catch (error) {
    console.error(`ganway: ${error instanceof Error ? error.message : error} The price table is as it was.`);
    return 1;
  }
}

/** Asks AWS what its machines cost: the public price list for on-demand, EC2 for spot; knows no size and no table. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type _InstanceType, DescribeSpotPriceHistoryCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { AwsCredentials } from './credentials.ts';
import { codeOf } from './error-code.ts';
import { httpOptions } from './http-options.ts';

/** US dollars an hour by instance type, of those that were asked for and can be had. */
export type UsdPerHour = Readonly<Record<string, number>>;

export interface OnDemandPrices {
  /** The day AWS published the list, `YYYY-MM-DD`. */
  readonly pricedAt: string;
  readonly usdPerHour: UsdPerHour;
}

/** Where AWS serves the price lists of all regions, without an account. */
export const PRICE_LIST = 'https://pricing.us-east-1.amazonaws.com';

/** What makes a line of the list the plain price of a machine: its column, and what stands there. */
const PLAIN: Readonly<Record<string, string>> = {
  TermType: 'OnDemand',
  Unit: 'Hrs',
  Currency: 'USD',
  'Operating System': 'Linux',
  Tenancy: 'Shared',
  CapacityStatus: 'Used',
  'Pre Installed S/W': 'NA',
  'License Model': 'No License required',
};

/**
 * Reads the price list of a region as it comes: it has hundreds of megabytes, of which a few lines are looked at. Its
 * format is in "Reading the service price list files" in the user guide of AWS Billing.
 *
 * @throws Error where the list does not come whole or does not look like one
 */
export async function onDemandPrices(
  region: string,
  instanceTypes: readonly string[],
  { endpoint = PRICE_LIST }: { readonly endpoint?: string } = {},
): Promise<OnDemandPrices> {
  const url = `${endpoint}/offers/v1.0/aws/AmazonEC2/current/${region}/index.csv`;
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url} answers ${response.status}.`);
  const wanted = new Set(instanceTypes);
  const usdPerHour: Record<string, number> = {};
  let [pricedAt, columns]: [string | null, ReadonlyMap<string, number> | null] = [null, null];
  for await (const line of createInterface({
    input: Readable.fromWeb(response.body),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (!columns) {
      const [name = '', value = ''] = fieldsOf(line);
      if (name === 'Publication Date') pricedAt = value.slice(0, 10);
      if (name === 'SKU') columns = new Map(fieldsOf(line).map((column, index) => [column, index]));
      continue;
    }
    // Most lines are of other machines, and splitting them takes the longest.
    if (!instanceTypes.some((type) => line.includes(type))) continue;
    const fields = fieldsOf(line);
    const at = (column: string): string => fields[columns?.get(column) ?? -1] ?? '';
    const [type, price] = [at('Instance Type'), Number(at('PricePerUnit'))];
    const isPlain = Object.entries(PLAIN).every(([column, value]) => at(column) === value);
    if (isPlain && wanted.has(type) && price > 0) usdPerHour[type] = price;
  }
  if (!columns || !pricedAt) throw new Error(`${url} is no price list: it has no columns or no date.`);
  return { pricedAt, usdPerHour };
}

/** The fields of a line in which each may be quoted, with quotes in it doubled; none goes over the end of the line. */
function fieldsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

export interface SpotOptions {
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials;
  /** The prices of this moment. */
  readonly at: Date;
}

/**
 * Spot prices of a region: of its zones the dearest, because a machine may come from any. Null where there are no
 * credentials to ask with.
 */
export async function spotPrices(
  region: string,
  instanceTypes: readonly string[],
  { endpoint, credentials, at }: SpotOptions,
): Promise<UsdPerHour | null> {
  const client = new EC2Client({
    region,
    requestHandler: httpOptions({ connectMs: 5000, idleMs: 20_000 }),
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  });
  const usdPerHour: Record<string, number> = {};
  try {
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new DescribeSpotPriceHistoryCommand({
          InstanceTypes: instanceTypes as _InstanceType[],
          ProductDescriptions: ['Linux/UNIX'],
          // From now on: each zone answers with the price that holds.
          StartTime: at,
          ...(NextToken ? { NextToken } : {}),
        }),
      );
      for (const { InstanceType: type, SpotPrice } of page.SpotPriceHistory ?? []) {
        if (type && Number(SpotPrice) > 0) usdPerHour[type] = Math.max(usdPerHour[type] ?? 0, Number(SpotPrice));
      }
      NextToken = page.NextToken || undefined;
    } while (NextToken);
    return usdPerHour;
  } catch (error) {
    if (codeOf(error) === 'CredentialsProviderError') return null;
    throw error;
  } finally {
    client.destroy();
  }
}

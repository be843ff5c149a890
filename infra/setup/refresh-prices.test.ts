import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { PRICES } from '../../graph/money/prices.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { main, PRICE_FILE, refreshPrices } from './refresh-prices.ts';

const path = join(temporaryFolder(), 'prices.json');
const now = new Date('2026-12-01T12:00:00Z');
let server: Server | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  server?.close();
});

/** AWS's price list with one machine in it, and EC2 with its spot price. */
async function startAws(onDemand: string): Promise<string> {
  const list = [
    '"Publication Date","2026-11-20T17:00:00Z"',
    '"SKU","TermType","Unit","PricePerUnit","Currency","Instance Type","Tenancy","Operating System","License Model","CapacityStatus","Pre Installed S/W"',
    `"X","OnDemand","Hrs","${onDemand}","USD","g5.xlarge","Shared","Linux","No License required","Used","NA"`,
  ].join('\n');
  const spot =
    '<DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><spotPriceHistorySet><item>' +
    '<instanceType>g5.xlarge</instanceType><spotPrice>0.7</spotPrice></item></spotPriceHistorySet></DescribeSpotPriceHistoryResponse>';
  const started = createServer(({ method }, response) => {
    response.end(method === 'GET' ? list : spot);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

test('every region has the prices of the day, with their source, and the file can be loaded again', async () => {
  writeFileSync(path, readFileSync(PRICE_FILE));
  const aws = await startAws('1.1');
  const said: string[] = [];
  const ec2 = { endpoint: aws, credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } };
  const table = await refreshPrices({ path, now, say: (line) => said.push(line), priceList: aws, ec2 });
  expect(Object.keys(table.regions)).toEqual(Object.keys(PRICES.regions));
  for (const { onDemand, spot } of Object.values(table.regions)) {
    expect(onDemand).toMatchObject({ pricedAt: '2026-11-20', usdPerHour: { 'g5-xlarge': 1.1 } });
    expect(spot).toMatchObject({ pricedAt: '2026-12-01', usdPerHour: { 'g5-xlarge': 0.7 } });
    expect(onDemand.source).not.toContain('by hand');
  }
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(table);
  expect(said).toContain('us-east-1: 1 of 5 machines');
});

test('nothing is written where a price makes no sense', async () => {
  const before = readFileSync(PRICE_FILE, 'utf8');
  writeFileSync(path, before);
  const aws = await startAws('50000');
  const ec2 = { endpoint: aws, credentials: { accessKeyId: 'id', secretAccessKey: 'secret' } };
  await expect(refreshPrices({ path, now, say: () => {}, priceList: aws, ec2 })).rejects.toThrow('g5-xlarge');
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('spot prices stay as they are, with their date, where there are no credentials to ask with', async () => {
  writeFileSync(path, readFileSync(PRICE_FILE));
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, '');
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, join(path, 'none'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const aws = await startAws('1.1');
  const said: string[] = [];
  const options = { path, now, say: (line: string) => said.push(line), priceList: aws, ec2: { endpoint: aws } };
  const { regions } = await refreshPrices(options);
  expect(regions['us-east-1']?.spot).toEqual(PRICES.regions['us-east-1']?.spot);
  expect(regions['us-east-1']?.onDemand.pricedAt).toBe('2026-11-20');
  expect(said.filter((line) => line.includes('no AWS credentials'))).toHaveLength(Object.keys(regions).length);
});

test('the verb knows one word', async () => {
  expect(await main([])).toBe(2);
});

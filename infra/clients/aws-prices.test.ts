import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { onDemandPrices, spotPrices } from './aws-prices.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});
async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const COLUMNS = [
  ...['SKU', 'OfferTermCode', 'RateCode', 'TermType', 'PriceDescription', 'EffectiveDate', 'StartingRange'],
  ...['EndingRange', 'Unit', 'PricePerUnit', 'Currency', 'Product Family', 'Location', 'Instance Type', 'vCPU'],
  ...['Tenancy', 'Operating System', 'License Model', 'CapacityStatus', 'Pre Installed S/W', 'operation'],
];
const line = (fields: readonly string[]): string => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
const price = (type: string, usd: string, more: Record<string, string> = {}): string => {
  const plain: Record<string, string> = {
    ...{ SKU: 'X', TermType: 'OnDemand', Unit: 'Hrs', PricePerUnit: usd, Currency: 'USD', 'Instance Type': type },
    PriceDescription: `$${usd} per "On Demand" Linux, ${type} Instance Hour`,
    ...{ Tenancy: 'Shared', 'Operating System': 'Linux', 'License Model': 'No License required' },
    ...{ CapacityStatus: 'Used', 'Pre Installed S/W': 'NA', operation: 'RunInstances' },
    ...more,
  };
  return line(COLUMNS.map((column) => plain[column] ?? ''));
};
const HEAD = [
  ...[line(['FormatVersion', 'v1.0']), line(['Disclaimer', 'This pricing list is for informational purposes, only.'])],
  ...[line(['Publication Date', '2026-11-20T17:00:00Z']), line(['Version', '20261120170000'])],
  line(['OfferCode', 'AmazonEC2']),
];

describe('on-demand prices', () => {
  it('are the plain ones of the machines asked for, at the date of the list', async () => {
    const list = [
      ...[...HEAD, line(COLUMNS)],
      price('g5.xlarge', '0.0000000000', { CapacityStatus: 'UnusedCapacityReservation' }),
      price('g5.xlarge', '1.2000000000', { 'Operating System': 'Windows' }),
      price('g5.xlarge', '2.0000000000', { Tenancy: 'Dedicated' }),
      price('g5.xlarge', '0.4000000000', { TermType: 'Reserved' }),
      price('g5.xlarge', '1.0060000000'),
      price('g5.xlarge', '1.5000000000', { 'Pre Installed S/W': 'SQL Std' }),
      ...[price('g5.xlarge2', '9.0000000000'), price('m7i.large', '0.1008000000'), price('t3.nano', '0.0052000000')],
    ];
    const asked: (string | undefined)[] = [];
    const endpoint = await serve((request, response) => {
      asked.push(request.url);
      response.end(`${list.join('\r\n')}\r\n`);
    });
    expect(await onDemandPrices('eu-west-1', ['g5.xlarge', 'm7i.large', 'g6.xlarge'], { endpoint })).toEqual({
      pricedAt: '2026-11-20',
      usdPerHour: { 'g5.xlarge': 1.006, 'm7i.large': 0.1008 },
    });
    expect(asked).toEqual(['/offers/v1.0/aws/AmazonEC2/current/eu-west-1/index.csv']);
  });

  it('are none where something else comes, or nothing', async () => {
    const page = await serve((_, response) => response.end('<html>Sign in to this network</html>'));
    await expect(onDemandPrices('eu-west-1', ['g5.xlarge'], { endpoint: page })).rejects.toThrow('is no price list');
    server?.close();
    const error = await serve((_, response) => response.writeHead(403).end());
    await expect(onDemandPrices('moon-1', ['g5.xlarge'], { endpoint: error })).rejects.toThrow('answers 403');
  });

  it('are none of a list that breaks off', async () => {
    const endpoint = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100_000 });
      response.write([...HEAD, line(COLUMNS), price('g5.xlarge', '1.006')].join('\n'), () => response.socket?.end());
    });
    await expect(onDemandPrices('eu-west-1', ['g5.xlarge'], { endpoint })).rejects.toThrow();
  });
});

describe('spot prices', () => {
  const item = (type: string, zone: string, usd: string) =>
    `<item><instanceType>${type}</instanceType><productDescription>Linux/UNIX</productDescription>` +
    `<spotPrice>${usd}</spotPrice><timestamp>2026-12-01T10:00:00.000Z</timestamp><availabilityZone>${zone}</availabilityZone></item>`;
  const answer = (items: readonly string[], token: string) =>
    '<?xml version="1.0" encoding="UTF-8"?><DescribeSpotPriceHistoryResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">' +
    `<requestId>r</requestId><spotPriceHistorySet>${items.join('')}</spotPriceHistorySet><nextToken>${token}</nextToken>` +
    '</DescribeSpotPriceHistoryResponse>';
  const types = ['g5.xlarge', 'g4dn.xlarge'];
  const at = new Date('2026-12-01T12:00:00Z');

  it('are those of the dearest zone, over all pages', async () => {
    const asked: string[] = [];
    const endpoint = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push(body);
        response.setHeader('content-type', 'text/xml');
        response.end(
          body.includes('NextToken=more')
            ? answer([item('g4dn.xlarge', 'a', '0.2')], '')
            : answer(
                [item('g5.xlarge', 'a', '0.4123'), item('g5.xlarge', 'b', '0.5'), item('g5.xlarge', 'c', '0.3')],
                'more',
              ),
        );
      });
    });
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
    expect(await spotPrices('eu-west-1', types, { endpoint, credentials, at })).toEqual({
      'g5.xlarge': 0.5,
      'g4dn.xlarge': 0.2,
    });
    expect(asked).toHaveLength(2);
    expect(decodeURIComponent(asked[0] ?? '')).toMatch(/Action=DescribeSpotPriceHistory.*g5\.xlarge.*Linux\/UNIX/);
  });

  it('are an error where EC2 refuses', async () => {
    const endpoint = await serve((_, response) => response.writeHead(401).end('<Response><Errors/></Response>'));
    const credentials = { accessKeyId: 'id', secretAccessKey: 'wrong' };
    await expect(spotPrices('eu-west-1', types, { endpoint, credentials, at })).rejects.toThrow();
  });
});

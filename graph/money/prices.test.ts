import { describe, expect, it } from 'vitest';
import { SUSTAINED_FLOPS } from './machine.ts';
import { machinesIn, PRICES, parsePrices } from './prices.ts';
import { SIZES } from './sizes.ts';

describe('the price table', () => {
  it('has every size in the region that is the default, spot below on-demand', () => {
    const machines = machinesIn('us-east-1');
    for (const { id } of SIZES) {
      const [spot, onDemand] = [true, false].map((way) => machines.find((m) => m.size.id === id && m.spot === way));
      expect([id, (spot?.usdPerHour ?? 1) < (onDemand?.usdPerHour ?? 0)]).toEqual([id, true]);
    }
  });

  it('offers nothing where it knows no prices', () => {
    expect(machinesIn('eu-north-9')).toEqual([]);
    const known = { ...PRICES.regions['us-east-1'] };
    if (!known.spot || !known.onDemand) throw new Error('us-east-1 is missing');
    const nothing = { ...known.spot, usdPerHour: {} };
    const table = { ...PRICES, regions: { 'us-east-1': { onDemand: known.onDemand, spot: nothing } } };
    expect(machinesIn('us-east-1', table).map(({ spot }) => spot)).toEqual(SIZES.map(() => false));
  });

  it('says for each size how fast it is thought to be', () => {
    expect(Object.keys(SUSTAINED_FLOPS)).toEqual(SIZES.map(({ id }) => id));
  });

  it('is refused with every place that is wrong', () => {
    const list = { pricedAt: '2025-06-01', source: 'by hand', usdPerHour: { 'g5-xlarge': 1 } };
    const wrong = { pricedAt: 'yesterday', source: '', usdPerHour: { 'g5-xlarge': -1, 'p9-huge': 1 } };
    const load = () =>
      parsePrices({ v: 1, note: '', regions: { 'us-east-1': { onDemand: list, spot: wrong }, moon: {} } });
    for (const place of ['pricedAt', 'source', 'usdPerHour.g5-xlarge', 'usdPerHour.p9-huge']) {
      expect(load).toThrow(`regions.us-east-1.spot.${place}: `);
    }
    expect(load).toThrow('regions.moon');
    expect(parsePrices({ v: 1, note: '', regions: { 'us-east-1': { onDemand: list, spot: list } } })).toBeTruthy();
  });
});

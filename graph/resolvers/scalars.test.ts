import { parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DateTime, Long, Step } from './scalars.ts';

describe('Step', () => {
  it('takes integers beyond 32 bits, as values and as literals, and nothing else', () => {
    expect(Step.parseValue(2 ** 40)).toBe(2 ** 40);
    expect(Step.parseLiteral(parseValue('1099511627776'))).toBe(2 ** 40);
    for (const wrong of [-1, 1.5, '7', null, true, 2 ** 53])
      expect(() => Step.parseValue(wrong)).toThrow('Step must be');
    for (const wrong of ['-1', '1.5', '"7"', 'true', '9007199254740992', '{ a: 1 }']) {
      expect(() => Step.parseLiteral(parseValue(wrong))).toThrow('Step must be');
    }
  });
});

describe('Long', () => {
  it('may be negative and is safe', () => {
    expect(Long.parseLiteral(parseValue('-5000000000'))).toBe(-5e9);
    expect(() => Long.serialize(2 ** 53)).toThrow('Long must be');
  });
});

describe('DateTime', () => {
  it('is written in UTC with milliseconds, from a Date or a text', () => {
    expect(DateTime.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(DateTime.serialize('2026-05-01T14:00:00+02:00')).toBe('2026-05-01T12:00:00.000Z');
  });

  it('is read from RFC 3339 alone', () => {
    expect(DateTime.parseLiteral(parseValue('"2026-05-01T12:00:00Z"'))).toEqual(new Date(Date.UTC(2026, 4, 1, 12)));
    for (const wrong of ['2026-05-01', '2026-13-01T00:00:00Z', 'yesterday', 0, null]) {
      expect(() => DateTime.parseValue(wrong)).toThrow('DateTime');
    }
  });
});

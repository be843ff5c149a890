import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { bytesText, durationText, table } from './terminal.ts';

it('puts rows into columns, numbers to the right', () => {
  const text = table(
    ['RUN', 'KIMG', 'NAME'],
    [
      ['a', 1, 'x'],
      ['long', 20.5, ''],
    ],
  );
  expect(stripVTControlCharacters(text)).toBe('RUN   KIMG  NAME\na        1  x\nlong  20.5');
});

it('counts the columns of coloured cells as they are seen', () => {
  const rows = [
    ['\x1b[32mDONE\x1b[39m', 'x'],
    ['QUEUED', 'y'],
  ];
  expect(stripVTControlCharacters(table(['PHASE', 'NAME'], rows))).toBe('PHASE   NAME\nDONE    x\nQUEUED  y');
});

it('writes durations and sizes as people say them', () => {
  expect([3725, 187, 41.6, -1].map(durationText)).toEqual(['1h 02m', '3m 07s', '42s', '0s']);
  expect([1024, 3 * 2 ** 20].map(bytesText)).toEqual(['1 kB', '3.0 MB']);
});

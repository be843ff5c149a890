import { expect, it } from 'vitest';
import { type Batch, followRun } from './follow.ts';
import type { Transport } from './transport.ts';

/** A server that sends prepared batches, one list for each time somebody subscribes. */
function serverOf(...sessions: (readonly [since: string, cursor: string])[][]) {
  const asked: unknown[] = [];
  const transport: Transport = {
    origin: 'http://test',
    request: () => Promise.reject(new Error('Following asks nothing over HTTP.')),
    async *subscribe(_document, variables) {
      asked.push(variables().after);
      for (const [since, cursor] of sessions.shift() ?? []) yield { runEvents: { since, cursor } } as never;
    },
  };
  return { transport, asked };
}

async function cursorsOf(batches: AsyncIterable<Batch>): Promise<string[]> {
  const cursors: string[] = [];
  for await (const { cursor } of batches) cursors.push(cursor);
  return cursors;
}

it('passes every batch on, from a cursor or from the start', async () => {
  const { transport, asked } = serverOf(
    [
      ['0', '1'],
      ['1', '2'],
    ],
    [['2', '3']],
  );
  expect(await cursorsOf(followRun(transport, 'run'))).toEqual(['1', '2']);
  expect(await cursorsOf(followRun(transport, 'run', '2'))).toEqual(['3']);
  expect(asked).toEqual([null, '2']);
});

it('drops a batch that comes again', async () => {
  const { transport } = serverOf([
    ['0', '1'],
    ['1', '3'],
    ['1', '2'],
    ['0', '1'],
    ['3', '4'],
  ]);
  expect(await cursorsOf(followRun(transport, 'run'))).toEqual(['1', '3', '4']);
});

it('asks again from where it is when a batch leaves something out', async () => {
  const { transport, asked } = serverOf(
    [
      ['0', '1'],
      ['2', '3'],
      ['3', '4'],
    ],
    [
      ['1', '2'],
      ['2', '4'],
    ],
  );
  expect(await cursorsOf(followRun(transport, 'run'))).toEqual(['1', '2', '4']);
  expect(asked).toEqual([null, '1']);
});

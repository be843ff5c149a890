/** The wire format against the examples of its specification (protobuf.dev, "Encoding"). */
import { expect, test } from 'vitest';
import { encode, type Message } from './protobuf.ts';

const hex = (write: (message: Message) => void) => Buffer.from(encode(write)).toString('hex');

test.each<[string, (message: Message) => void, string]>([
  ['an integer', (to) => to.int(1, 150), '089601'],
  ['zero', (to) => to.int(1, 0), '0800'],
  ['a negative integer as ten bytes', (to) => to.int(1, -2), '08feffffffffffffffff01'],
  ['a string', (to) => to.string(2, 'testing'), '120774657374696e67'],
  ['a message', (to) => to.message(3, (inner) => inner.int(1, 150)), '1a03089601'],
  ['a float', (to) => to.float(4, 1), '250000803f'],
  ['a field number beyond 15', (to) => to.int(16, 1), '800101'],
])('%s', (_, write, bytes) => {
  expect(hex(write)).toBe(bytes);
});

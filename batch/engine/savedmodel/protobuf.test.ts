/** The wire format against the examples of its specification (protobuf.dev, "Encoding"). */
import { expect, test } from 'vitest';
import { encode, type Message } from './protobuf.ts';
import { decode } from './protobuf-reader.ts';

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

test('what was written is read: the last of a single field, all of a repeated one, and nothing of one that is missing', () => {
  const message = decode(
    encode((to) => {
      to.int(1, 7);
      to.int(1, -150);
      to.float(2, 1);
      to.string(3, 'é');
      to.message(16, (inner) => inner.int(1, 2 ** 40));
      to.message(16, () => {});
    }),
  );
  expect([message.int(1), message.int(9)]).toEqual([-150, 0]);
  expect([message.string(3), message.string(9)]).toEqual(['é', '']);
  expect(message.messages(16).map((inner) => inner.int(1))).toEqual([2 ** 40, 0]);
  expect(message.messages(9)).toEqual([]);
});

test.each([
  ['an integer without an end', '0896'],
  ['a string that is cut off', '120774'],
  ['a wire type that there is not', '0f'],
])('%s is no message', (_, bytes) => {
  expect(() => decode(Buffer.from(bytes, 'hex'))).toThrow(RangeError);
});

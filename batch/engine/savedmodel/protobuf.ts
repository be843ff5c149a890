/** Protocol Buffers' wire format, writing only; knows no message. */

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;
const text = new TextEncoder();

/** One message under construction. Fields are written in the order of the calls. */
export interface Message {
  /** An integer, an enum or a bool. */
  int(field: number, value: number | bigint): void;
  string(field: number, value: string): void;
  bytes(field: number, value: Uint8Array): void;
  float(field: number, value: number): void;
  message(field: number, write: (message: Message) => void): void;
}

/** The bytes of the message that `write` writes. */
export function encode(write: (message: Message) => void): Uint8Array {
  const parts: Uint8Array[] = [];
  const tag = (field: number, wire: number) => parts.push(varint((field << 3) | wire));
  const bytes = (field: number, value: Uint8Array) => {
    tag(field, LENGTH);
    parts.push(varint(value.length), value);
  };
  write({
    int: (field, value) => {
      tag(field, VARINT);
      parts.push(varint(value));
    },
    string: (field, value) => bytes(field, text.encode(value)),
    bytes,
    float: (field, value) => {
      tag(field, FIXED32);
      parts.push(new Uint8Array(Float32Array.of(value).buffer));
    },
    message: (field, inner) => bytes(field, encode(inner)),
  });
  return Buffer.concat(parts);
}

/** Base 128, low bits first; negative numbers as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest >= 128n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

/** Protocol Buffers' wire format, reading only; knows no message. */

const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5];
const text = new TextDecoder();

/** A decoded message. Fields that it lacks are empty. */
export interface Fields {
  /** The last value of an integer, an enum or a bool; 0 where there is none. */
  int(field: number): number;
  /** The last value of a string; empty where there is none. */
  string(field: number): string;
  /** All values of a message. */
  messages(field: number): Fields[];
}

/**
 * Reads the fields of a message; what is inside of them is read when it is asked for.
 *
 * @throws RangeError where the bytes are no message
 */
export function decode(bytes: Uint8Array): Fields {
  const integers = new Map<number, number>();
  const parts = new Map<number, Uint8Array[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
    throw new RangeError('an integer has no end');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError(`a field ends ${at + length - bytes.length} bytes late`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = tag >> 3;
    switch (tag & 7) {
      case VARINT:
        integers.set(field, Number(varint()));
        break;
      case LENGTH: {
        const part = take(Number(varint()));
        const known = parts.get(field);
        if (known) known.push(part);
        else parts.set(field, [part]);
        break;
      }
      case FIXED64:
        take(8);
        break;
      case FIXED32:
        take(4);
        break;
      default:
        throw new RangeError(`no wire type ${tag & 7}`);
    }
  }
  return {
    int: (field) => integers.get(field) ?? 0,
    string: (field) => text.decode(parts.get(field)?.at(-1)),
    messages: (field) => (parts.get(field) ?? []).map(decode),
  };
}

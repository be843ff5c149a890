/** Writes zips and tars byte by byte, so that tests can make what no honest program would. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly data: Uint8Array;
  /** Default true. */
  readonly deflate?: boolean;
  /** Says that it is encrypted. */
  readonly encrypted?: boolean;
  /** States this size instead of the true one. */
  readonly statedBytes?: number;
  readonly method?: number;
}

/** A zip of these members (APPNOTE 6.3). `zip64` puts sizes and offsets into 64-bit fields, as zips beyond 4 GiB must. */
export function zipOf(members: readonly ZipMember[], zip64 = false): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflate = true, encrypted = false, statedBytes = data.length, method } of members) {
    const packed = deflate ? deflateRawSync(data) : Buffer.from(data);
    const nameBytes = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(zip64 ? 45 : 20, 0);
    common.writeUInt16LE(0x0800 | (encrypted ? 1 : 0), 2);
    common.writeUInt16LE(method ?? (deflate ? 8 : 0), 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(statedBytes, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    locals.push(word(0x04034b50), common, nameBytes, packed);
    const listed = Buffer.from(common);
    const extra = zip64 ? zip64Extra(statedBytes, packed.length, offset) : Buffer.alloc(0);
    if (zip64) listed.fill(0xff, 14, 22);
    listed.writeUInt16LE(extra.length, 24);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(zip64 ? 0xffffffff : offset, 10);
    central.push(word(0x02014b50), Buffer.from([20, 0]), listed, tail, nameBytes, extra);
    offset += 4 + common.length + nameBytes.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const body = Buffer.concat([...locals, directory]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(zip64 ? 0xffff : members.length, 4);
  end.writeUInt16LE(zip64 ? 0xffff : members.length, 6);
  end.writeUInt32LE(zip64 ? 0xffffffff : directory.length, 8);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 12);
  const end64 = zip64 ? zip64End(members.length, directory.length, offset) : Buffer.alloc(0);
  return Buffer.concat([body, end64, word(0x06054b50), end]);
}

function zip64Extra(bytes: number, packed: number, offset: number): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  [bytes, packed, offset].forEach((value, n) => {
    extra.writeBigUInt64LE(BigInt(value), 4 + n * 8);
  });
  return extra;
}

function zip64End(members: number, directoryBytes: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(52);
  record.writeBigUInt64LE(44n, 0);
  record.writeUInt16LE(45, 8);
  record.writeUInt16LE(45, 10);
  [members, members, directoryBytes, directoryOffset].forEach((value, n) => {
    record.writeBigUInt64LE(BigInt(value), 20 + n * 8);
  });
  const locator = Buffer.alloc(16);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directoryBytes), 4);
  locator.writeUInt32LE(1, 12);
  return Buffer.concat([word(0x06064b50), record, word(0x07064b50), locator]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A tar of these members; names beyond 100 bytes as GNU or as pax writes them. */
export function tarOf(members: readonly { name: string; data: Uint8Array }[], long: 'gnu' | 'pax' = 'gnu'): Buffer {
  const blocks: Buffer[] = [];
  const add = (name: string, type: string, data: Uint8Array) => {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0, 'utf8');
    header.write('0000644\0', 100);
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    header.write('ustar\x0000', 257, 'latin1');
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(header, Buffer.from(data), Buffer.alloc((512 - (data.length % 512)) % 512));
  };
  for (const { name, data } of members) {
    if (name.length > 100 && long === 'gnu') add('././@LongLink', 'L', Buffer.from(`${name}\0`));
    if (name.length > 100 && long === 'pax') add('PaxHeader', 'x', paxRecord(name));
    add(name, name.endsWith('/') ? '5' : '0', data);
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** `<length> path=<name>\n`, where the length counts itself. */
function paxRecord(name: string): Buffer {
  const rest = ` path=${name}\n`;
  const digits = String(rest.length + 3).length;
  return Buffer.from(`${rest.length + digits}${rest}`);
}

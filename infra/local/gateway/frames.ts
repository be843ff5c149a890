/** Watches the sizes of a client's WebSocket frames (RFC 6455 §5.2), which API Gateway limits and `ws` does not show. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Bytes that API Gateway takes in one frame. */
export const MAX_FRAME_BYTES = 32 * 1024;

/** Closes the connection with 1009 when a frame is announced that is too large. */
export function watchFrames(raw: Duplex, ws: WebSocket): void {
  const nextSizes = frameSizes();
  const watch = (chunk: Buffer) => {
    if (!nextSizes(chunk).some((bytes) => bytes > MAX_FRAME_BYTES)) return;
    raw.off('data', watch);
    ws.close(1009, 'Message too big');
  };
  raw.on('data', watch);
}

/** Payload sizes of the frames whose headers end in each next chunk of a client's bytes. */
export function frameSizes(): (chunk: Buffer) => number[] {
  let header = Buffer.alloc(0);
  let skip = 0;
  return (chunk) => {
    const sizes: number[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (skip > 0) {
        const skipped = Math.min(skip, rest.length);
        skip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      header = Buffer.concat([header, rest.subarray(0, 1)]);
      rest = rest.subarray(1);
      if (header.length < headerLength(header)) continue;
      const size = payloadSize(header);
      sizes.push(size);
      skip = size;
      header = Buffer.alloc(0);
    }
    return sizes;
  };
}

function headerLength(header: Buffer): number {
  if (header.length < 2) return 2;
  const second = header[1] ?? 0;
  const extended = { 126: 2, 127: 8 }[second & 0x7f] ?? 0;
  return 2 + extended + (second & 0x80 ? 4 : 0);
}

function payloadSize(header: Buffer): number {
  const short = (header[1] ?? 0) & 0x7f;
  if (short === 126) return header.readUInt16BE(2);
  if (short === 127) return Number(header.readBigUInt64BE(2));
  return short;
}

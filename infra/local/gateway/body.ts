/** Reads the body of a request, of at most or of exactly so many bytes. */
import type { IncomingMessage } from 'node:http';

/** The body, or null where it is larger than `limit` bytes; then the rest is not read. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (announced(request) > limit) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export type ExactBody =
  | { readonly kind: 'whole'; readonly body: Buffer }
  /** The rest is not read. */
  | { readonly kind: 'longer' }
  | { readonly kind: 'shorter'; readonly bytes: number };

/** A body whose length is known beforehand: however large, it is in memory once. */
export async function readExactly(request: IncomingMessage, bytes: number): Promise<ExactBody> {
  if (announced(request) > bytes) return { kind: 'longer' };
  const body = Buffer.allocUnsafe(bytes);
  let read = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (read + chunk.length > bytes) return { kind: 'longer' };
    read += chunk.copy(body, read);
  }
  return read === bytes ? { kind: 'whole', body } : { kind: 'shorter', bytes: read };
}

function announced({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

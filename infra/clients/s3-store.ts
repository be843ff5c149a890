/** The object store over S3's protocol, for AWS and servers like it; knows nothing of what the objects mean. */
import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type ObjectStore, StorageError, type StoredObject, type WriteOptions } from '../../graph/storage/ports.ts';
import { codeOf, statusOf } from './error-code.ts';
import { byteOrder, checkedKey } from './object-keys.ts';
import { retrying } from './retry.ts';
import { type S3Options, s3Client } from './s3-client.ts';
import { storageError, verdictOf } from './s3-errors.ts';

export interface S3StoreOptions extends S3Options {
  /** Put before every key and taken off again in lists, default none. */
  readonly prefix?: string;
  /** No request is tried again later than this after its first try, in milliseconds; default 15,000. */
  readonly retryForMs?: number;
}

/** Under this name the nonce of a conditional write travels with the object. */
const NONCE = 'ganway-nonce';

type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

/** What became of a conditional write: `unmet` where the condition did not hold and no earlier try of ours had won. */
type Written = { readonly outcome: 'written' | 'mine'; readonly etag: string } | { readonly outcome: 'unmet' };

const isMissing = (error: unknown): boolean => statusOf(error) === 404 && codeOf(error) !== 'NoSuchBucket';
const isUnmet = (error: unknown): boolean => statusOf(error) === 412;

const retryable = (error: unknown): boolean => !(error instanceof StorageError) && verdictOf(error) === 'retry';

/** For `.catch`: an expected refusal becomes a value, anything else stays an error. */
function instead<T>(expected: (error: unknown) => boolean, value: T): (error: unknown) => T {
  return (error) => {
    if (expected(error)) return value;
    throw error;
  };
}

function etagOf(reply: { readonly ETag?: string | undefined }): string {
  if (!reply.ETag)
    throw new StorageError('REFUSED', 'The storage server sent no ETag; Ganway needs one that sends them.');
  return reply.ETag;
}

/** Keys come percent-encoded in lists, because XML cannot spell all of them. */
const decodeKey = (encoded: string): string => decodeURIComponent(encoded.replaceAll('+', ' '));

/**
 * Opens a bucket as an {@link ObjectStore}. Nothing is sent until the first call.
 *
 * A `mine` or `stale` answer is found by reading the nonce back. One case stays undecidable by S3's means: our write
 * won, its reply was lost, and another writer replaced the object before we looked; the answer is then `stale` or
 * `taken`, which is how things stand by then.
 *
 * @throws StorageError from every method: `UNREACHABLE` after `retryForMs`, `REFUSED`, `FULL`, or `ABORTED`.
 */
export function openS3Store(options: S3StoreOptions): ObjectStore {
  const { bucket: Bucket, endpoint, prefix: root = '', retryForMs = 15_000 } = options;
  const client = s3Client(options);
  const where = `The storage ${endpoint ? `at ${endpoint}` : 'on AWS'}, bucket "${Bucket}",`;
  const target = (key: string) => ({ Bucket, Key: checkedKey(root + checkedKey(key)) });
  const abortable = (signal: AbortSignal | undefined) => (signal ? { abortSignal: signal } : {});

  async function send<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await retrying(request, { retryForMs, signal, retryable });
    } catch (error) {
      if (signal?.aborted) throw new StorageError('ABORTED', 'The storage request was aborted.', { cause: error });
      throw error instanceof StorageError ? error : storageError(error, verdictOf(error), where);
    }
  }

  /**
   * S3 calls a missing object forbidden where its keys may not be listed, or only below a prefix as a run's credentials
   * have it ("GetObject", API reference: Permissions). A list of just that key tells the two apart.
   */
  const isAbsent = async (error: unknown, key: string, signal?: AbortSignal): Promise<boolean> => {
    if (statusOf(error) !== 403 || retryable(error)) return isMissing(error);
    const { Key: Prefix } = target(key);
    const reply = await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }), abortable(signal));
    return reply.Contents?.[0]?.Key !== Prefix;
  };
  const nullWhereAbsent =
    (key: string, signal?: AbortSignal) =>
    async (error: unknown): Promise<null> => {
      if (await isAbsent(error, key, signal)) return null;
      throw error;
    };

  const look = (key: string, signal?: AbortSignal) =>
    send(
      () => client.send(new HeadObjectCommand(target(key)), abortable(signal)).catch(nullWhereAbsent(key, signal)),
      signal,
    );

  async function write(key: string, Body: Uint8Array, condition: Condition, options: WriteOptions): Promise<Written> {
    const { contentType: ContentType = 'application/octet-stream', signal } = options;
    const nonce = randomUUID();
    const input = { ...target(key), Body, ContentType, Metadata: { [NONCE]: nonce }, ...condition };
    // A replace of a missing object is answered by 404, a failed condition by 412.
    const refused = (error: unknown) => isUnmet(error) || ('IfMatch' in condition && isMissing(error));
    for (;;) {
      const reply = await send(
        () => client.send(new PutObjectCommand(input), abortable(signal)).catch(instead(refused, null)),
        signal,
      );
      if (reply) return { outcome: 'written', etag: etagOf(reply) };
      const found = await look(key, signal);
      if (found?.Metadata?.[NONCE] === nonce) return { outcome: 'mine', etag: etagOf(found) };
      if (found || 'IfMatch' in condition) return { outcome: 'unmet' };
      // What stood in the way of a create is gone by now: the way is free again.
    }
  }

  return {
    async create(key, body, options = {}) {
      const written = await write(key, body, { IfNoneMatch: '*' }, options);
      if (written.outcome === 'unmet') return { outcome: 'taken' };
      return { outcome: written.outcome === 'mine' ? 'mine' : 'created', etag: written.etag };
    },

    async replace(key, body, etag, options = {}) {
      const written = await write(key, body, { IfMatch: etag }, options);
      if (written.outcome === 'unmet') return { outcome: 'stale' };
      return { outcome: written.outcome === 'mine' ? 'mine' : 'done', etag: written.etag };
    },

    async put(key, Body, { contentType: ContentType = 'application/octet-stream', signal } = {}) {
      const input = { ...target(key), Body, ContentType };
      const reply = await send(() => client.send(new PutObjectCommand(input), abortable(signal)), signal);
      return { etag: etagOf(reply) };
    },

    async get(key, { signal } = {}) {
      const read = async (): Promise<StoredObject | null> => {
        const reply = await client
          .send(new GetObjectCommand(target(key)), abortable(signal))
          .catch(nullWhereAbsent(key, signal));
        if (!reply) return null;
        const body = (await reply.Body?.transformToByteArray()) ?? new Uint8Array();
        if (reply.ContentLength !== undefined && reply.ContentLength !== body.byteLength) {
          throw new Error(`the reply ended after ${body.byteLength} of ${reply.ContentLength} bytes`);
        }
        return { body, etag: etagOf(reply) };
      };
      return send(read, signal);
    },

    async head(key, { signal } = {}) {
      const reply = await look(key, signal);
      return reply && { key, size: reply.ContentLength ?? 0, etag: etagOf(reply) };
    },

    async list(prefix, { startAfter = '', limit = 1000, signal } = {}) {
      const inside = startAfter.startsWith(prefix);
      // Not every server knows what to do with a start outside the prefix.
      if (!inside && byteOrder(startAfter) > byteOrder(prefix)) return { objects: [], next: null };
      const input = {
        Bucket,
        Prefix: root + prefix,
        MaxKeys: Math.min(Math.max(1, limit), 1000),
        EncodingType: 'url' as const,
        ...(inside && startAfter !== '' ? { StartAfter: root + startAfter } : {}),
      };
      const reply = await send(() => client.send(new ListObjectsV2Command(input), abortable(signal)), signal);
      const objects = (reply.Contents ?? []).map((entry) => ({
        key: decodeKey(entry.Key ?? '').slice(root.length),
        size: entry.Size ?? 0,
        etag: etagOf(entry),
      }));
      return { objects, next: reply.IsTruncated ? (objects.at(-1)?.key ?? null) : null };
    },

    async remove(key) {
      await send(() => client.send(new DeleteObjectCommand(target(key))).catch(instead(isMissing, undefined)));
    },
  };
}

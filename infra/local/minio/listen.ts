/** Hears of new objects in a bucket of our own MinIO, and says when it may have missed some; looks nothing up itself. */
import { setTimeout as wait } from 'node:timers/promises';
import { NotificationConfig, ObjectCreatedAll, QueueConfig } from 'minio';
import { minioClient } from './bucket.ts';
import { HINT_ARN } from './hints.ts';
import type { Minio } from './server.ts';

export interface ListenOptions {
  /** The running server. */
  readonly minio: Minio;
  readonly bucket: string;
  /** Only keys that begin so; default: all. */
  readonly prefix?: string;
  /** An object was created or replaced. May come twice or out of order, and may not come at all: it is a hint. */
  readonly onKey: (key: string) => void;
  /** Called when listening has begun and after every restart of the server: what was written before must be looked up. */
  readonly onReconnect: () => void;
  /** Told when the server does not take the rules, before they are offered again. */
  readonly onTrouble?: (error: Error) => void;
}

const RETRY_MS = 500;

/**
 * Plays the part of S3's event notifications: MinIO reports each new object to a loopback webhook within milliseconds.
 *
 * Not `listenBucketNotification` of minio-js: since 2025 the server hides the flush of that endpoint's stream, so that events stay in a
 * 4 KB buffer (seen with the release of 2026-02-12), and the client's poller ends for ever at its first error.
 */
export function listenBucket(options: ListenOptions): { stop(): Promise<void> } {
  const { minio, bucket, prefix = '', onKey, onReconnect, onTrouble = () => {} } = options;
  const ending = new AbortController();
  const { signal } = ending;
  // A server that answers again has not read its rules yet; told them once more it reports from that moment on.
  const listen = async () => {
    while (!signal.aborted) {
      try {
        await setRules(minio, bucket);
        if (!signal.aborted) onReconnect();
        return;
      } catch (error) {
        onTrouble(error instanceof Error ? error : new Error(String(error)));
        await wait(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  };
  const forgetObjects = minio.onObject((where, key) => {
    if (where === bucket && key.startsWith(prefix)) onKey(key);
  });
  let listening = listen();
  const forgetRestarts = minio.onRestart(() => {
    listening = Promise.all([listening, listen()]).then(() => {});
  });
  return {
    stop() {
      ending.abort();
      forgetObjects();
      forgetRestarts();
      return listening;
    },
  };
}

async function setRules(minio: Minio, bucket: string): Promise<void> {
  const rules = new NotificationConfig();
  const rule = new QueueConfig(HINT_ARN);
  rule.addEvent(ObjectCreatedAll);
  rules.add(rule);
  await minioClient(minio).setBucketNotification(bucket, rules);
}

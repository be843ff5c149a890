/** The object storage of the local stack: MinIO as a child, a server somebody else runs, or plain files; knows no runs. */
import { join } from 'node:path';
import type { ObjectStore } from '../../graph/storage/ports.ts';
import { openStore } from '../clients/open-store.ts';
import type { Prepared } from '../setup/prepare.mjs';
import { ensureBucket } from './minio/bucket.ts';
import { listenBucket } from './minio/listen.ts';
import { startMinio } from './minio/server.ts';

/** Names the storage for other processes: jobs, and tools that a person points at it. */
export interface StorageAccess {
  readonly endpoint: string | null;
  readonly bucket: string | null;
  readonly region: string;
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
  /** Folder of the embedded store. */
  readonly folder: string | null;
}

/** Keys that AssumeRole takes, and where. */
export interface Sts {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Storage {
  readonly store: ObjectStore;
  readonly access: StorageAccess;
  /** What {@link openStore} of another process needs, keys included. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who gives out credentials that open a part of it; null where nobody does, so that jobs are given all of it. */
  readonly sts: Sts | null;
  /** Calls back with the keys of new objects, and with null when some may have been missed. */
  listen(onKey: (key: string | null) => void): void;
  stop(): Promise<void>;
}

const BUCKET = 'ganway';
const REGION = 'us-east-1';
/** The embedded store sends no hints; its readers look this often, milliseconds. */
const EMBEDDED_POLL_MS = 300;
/** Nor can a server that is not ours be told where to send them. */
const EXTERNAL_POLL_MS = 1000;

/** Starts or opens what the set-up has found. `say` takes a line for the user. */
export async function startStorage(prepared: Prepared, home: string, say: (line: string) => void): Promise<Storage> {
  switch (prepared.storeKind) {
    case 'embedded':
      return openEmbedded(join(home, 'store'));
    case 'external':
      return openExternal(prepared.s3);
    case 'minio':
      return openMinio(prepared.minioPath, join(home, 'minio'), say);
  }
}

function openEmbedded(folder: string): Storage {
  const environment = { GANWAY_EMBEDDED_STORE: folder };
  let timer: NodeJS.Timeout | undefined;
  return {
    store: openStore(environment),
    access: { endpoint: null, bucket: null, region: REGION, accessKeyId: null, secretAccessKey: null, folder },
    environment,
    sts: null,
    listen(onKey) {
      timer = setInterval(() => onKey(null), EMBEDDED_POLL_MS);
    },
    async stop() {
      clearInterval(timer);
    },
  };
}

type S3 = NonNullable<Prepared['s3']>;

async function openMinio(binary: string | null, dataDir: string, say: (line: string) => void): Promise<Storage> {
  if (binary === null) throw new TypeError('The set-up chose MinIO without finding it.');
  const minio = await startMinio({ binary, dataDir, onLine: say });
  const { endpoint, accessKeyId, secretAccessKey } = minio;
  try {
    const opened = await openExternal({ endpoint, bucket: BUCKET, region: REGION, accessKeyId, secretAccessKey });
    let listening: { stop(): Promise<void> } | undefined;
    return {
      ...opened,
      sts: { endpoint, accessKeyId, secretAccessKey },
      listen(onKey) {
        listening = listenBucket({
          minio,
          bucket: BUCKET,
          prefix: 'projects/',
          onKey,
          onReconnect: () => onKey(null),
          onTrouble: (error) => say(`storage notifications: ${error.message}; listening again`),
        });
      },
      async stop() {
        await listening?.stop();
        await minio.stop();
      },
    };
  } catch (error) {
    await minio.stop();
    throw error;
  }
}

async function openExternal(s3: S3 | null): Promise<Storage> {
  if (s3 === null) throw new TypeError('The set-up chose a storage without finding its endpoint.');
  const environment = {
    GANWAY_S3_ENDPOINT: s3.endpoint,
    GANWAY_S3_BUCKET: s3.bucket,
    GANWAY_S3_REGION: s3.region,
    GANWAY_S3_ACCESS_KEY_ID: s3.accessKeyId,
    GANWAY_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  };
  await ensureBucket(s3, s3.bucket);
  let timer: NodeJS.Timeout | undefined;
  return {
    store: openStore(environment),
    access: { ...s3, folder: null },
    environment,
    // Not every server plays it, and ours to ask is none but our own.
    sts: null,
    listen(onKey) {
      timer = setInterval(() => onKey(null), EXTERNAL_POLL_MS);
    },
    async stop() {
      clearInterval(timer);
    },
  };
}

/** The loopback address to which MinIO reports written objects; believes only reports that carry its token, and keeps none. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Hears of one object that was created or replaced. */
export type OnObject = (bucket: string, key: string) => void;

export interface HintReceiver {
  /** Settings that make a MinIO server report here, under the name `GANWAY`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Returns the function that ends it. */
  onObject(callback: OnObject): () => void;
  close(): Promise<void>;
}

/** What MinIO names the target in a bucket's notification rules. */
export const HINT_ARN = 'arn:minio:sqs::GANWAY:webhook';

const LONGEST_BODY = 1 << 20;

/** Listens on a free loopback port. */
export async function openHintReceiver(): Promise<HintReceiver> {
  const token = randomBytes(24).toString('base64url');
  const callbacks = new Set<OnObject>();
  const server = createServer((request, response) => {
    void reported(request, token)
      .then((objects) => {
        response.writeHead(200).end();
        for (const { bucket, key } of objects) for (const callback of callbacks) callback(bucket, key);
      })
      .catch(() => response.writeHead(request.headers.authorization === `Bearer ${token}` ? 400 : 403).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    environment: {
      MINIO_NOTIFY_WEBHOOK_ENABLE_GANWAY: 'on',
      MINIO_NOTIFY_WEBHOOK_ENDPOINT_GANWAY: `http://127.0.0.1:${port}/`,
      MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_GANWAY: token,
    },
    onObject(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function reported(request: IncomingMessage, token: string): Promise<{ bucket: string; key: string }[]> {
  // MinIO greets its target with HEAD and empty requests at times; those report nothing.
  if (request.headers.authorization !== `Bearer ${token}`) throw new Error('not our MinIO');
  if (Number(request.headers['content-length'] ?? 0) > LONGEST_BODY) throw new Error('too long for a report');
  const body = await text(request);
  if (body === '') return [];
  const { Records } = JSON.parse(body) as { Records?: { s3: { bucket: { name: string }; object: { key: string } } }[] };
  return (Records ?? []).map(({ s3 }) => ({
    bucket: s3.bucket.name,
    // URL-encoded, with a space as `+`, as S3 does it.
    key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
  }));
}

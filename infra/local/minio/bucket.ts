/** Makes the bucket Ganway lives in; does not look into it. */
import { Client } from 'minio';

export interface S3Access {
  /** `http://host:port`. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Default `us-east-1`, which is also what MinIO answers to. */
  readonly region?: string;
}

/** A minio-js client for an endpoint given as URL. */
export function minioClient({ endpoint, accessKeyId, secretAccessKey, region = 'us-east-1' }: S3Access): Client {
  const url = new URL(endpoint);
  const useSSL = url.protocol === 'https:';
  const port = url.port ? Number(url.port) : useSSL ? 443 : 80;
  return new Client({
    endPoint: url.hostname,
    port,
    useSSL,
    accessKey: accessKeyId,
    secretKey: secretAccessKey,
    region,
  });
}

/** Creates the bucket where there is none. */
export async function ensureBucket(access: S3Access, bucket: string): Promise<void> {
  const client = minioClient(access);
  try {
    await client.makeBucket(bucket, access.region ?? 'us-east-1');
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== 'BucketAlreadyOwnedByYou' && code !== 'BucketAlreadyExists') throw error;
  }
}

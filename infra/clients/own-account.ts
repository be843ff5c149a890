/** Whether this machine has credentials of AWS and a region, where the SDK and AWS's own tools look for them; uses them for nothing. */
import { S3Client } from '@aws-sdk/client-s3';

export interface OwnAccount {
  /** Null where there are credentials, else what the SDK says about it. */
  readonly noCredentials: string | null;
  /** Null where none is set. */
  readonly region: string | null;
}

/** Looks into the environment, profiles, single sign-on and the machine's role; a second or two where there is none of them. */
export async function findOwnAccount(): Promise<OwnAccount> {
  // Any client has the same chain; the region it is made with plays no part in finding credentials.
  const { config } = new S3Client({});
  const region = await config.region().catch(() => null);
  try {
    await config.credentials();
    return { noCredentials: null, region };
  } catch (error) {
    return { noCredentials: error instanceof Error ? error.message : String(error), region };
  }
}

/** The credential endpoint over a real server, for tests: it counts what it gave, says that it ends sooner, and breaks down on demand; asserts nothing. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { makeCredentials } from '../../functions/credentials.ts';
import { launchToken } from '../../graph/run/launch-token.ts';
import type { CredentialIssuer } from '../../graph/storage/ports.ts';
import { openS3Store } from '../clients/s3-store.ts';
import { openIssuer } from '../clients/sts.ts';
import { startCredentialsApi } from '../local/credentials-api.ts';
import type { TestS3 } from '../setup/test-services.ts';

export interface EndpointOptions {
  readonly s3: TestS3;
  /** Put before every key. */
  readonly prefix: string;
  /** What is said of how long they are good, milliseconds: no server gives them for less than 15 minutes. Default: the truth. */
  readonly lifetimeMs?: number;
}

export type CredentialEndpoint = Awaited<ReturnType<typeof openCredentialEndpoint>>;

/** Starts it. */
export async function openCredentialEndpoint({ s3, prefix, lifetimeMs }: EndpointOptions) {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3;
  const secret = randomBytes(32);
  const given: string[] = [];
  const credentials = { accessKeyId, secretAccessKey };
  const real = openIssuer({ endpoint, region, credentials, role: 'arn:aws:iam::000000000000:role/ganway-run' });
  const issuer: CredentialIssuer = {
    issue: async (request) => {
      const issued = await real.issue(request);
      given.push(issued.accessKeyId);
      return lifetimeMs === undefined ? issued : { ...issued, expiration: new Date(Date.now() + lifetimeMs) };
    },
  };
  const handler = makeCredentials({
    g: { store: openS3Store({ ...s3, prefix }), now: () => new Date() },
    log: pino({ level: 'silent' }),
    issue: { issuer, secret, bucket: { name: bucket, prefix } },
  });
  let isDown = false;
  let onFailure = (): void => {};
  const api = await startCredentialsApi(async (event) => {
    if (!isDown) return handler(event);
    onFailure();
    throw new Error('out of order');
  });
  return {
    url: api.url,
    /** Access keys, one for each time it was asked. */
    given,
    tokenOf: (runId: string, launch = 1): string =>
      launchToken(secret, { runId, launch, expiresAt: new Date(Date.now() + 3_600_000) }),
    /** Breaks it, and resolves once somebody has asked in vain. */
    breakDown: (): Promise<void> =>
      new Promise((resolve) => {
        isDown = true;
        onFailure = resolve;
      }),
    repair: (): void => {
      isDown = false;
    },
    close: api.close,
  };
}

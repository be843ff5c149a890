/** Temporary credentials from AWS STS, or a server that plays it; knows no run. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { CredentialIssuer } from '../../graph/storage/ports.ts';
import type { AwsCredentials } from './credentials.ts';
import { httpOptions, type Timeouts } from './http-options.ts';

export interface IssuerOptions {
  /** URL of a server other than AWS. */
  readonly endpoint?: string;
  readonly region: string;
  /** Of whoever may assume the role. */
  readonly credentials?: AwsCredentials;
  /** ARN of the role that the credentials are a part of; MinIO takes its asker's own rights instead. */
  readonly role: string;
  /** Default: 2 s to connect, 10 s without a byte. */
  readonly timeouts?: Timeouts;
}

/** Opens the issuer; nothing is sent until it is asked. It throws the SDK's error after its retries. */
export function openIssuer({ endpoint, region, credentials, role, timeouts }: IssuerOptions): CredentialIssuer {
  const client = new STSClient({
    region,
    requestHandler: httpOptions(timeouts ?? { connectMs: 2000, idleMs: 10_000 }),
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  });
  return {
    async issue({ name, policy, seconds }) {
      const request = { RoleArn: role, RoleSessionName: name, Policy: policy, DurationSeconds: seconds };
      const { Credentials: given } = await client.send(new AssumeRoleCommand(request));
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
        throw new Error('STS answered without credentials.');
      }
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    },
  };
}

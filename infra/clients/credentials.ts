/** The credentials that every client takes; finds none by itself. */

/** Left out, the SDK looks where it always does: environment, profile, role. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ExpiringCredentials extends AwsCredentials {
  readonly expiration: Date;
}

/** The bucket, which holds all that Ganway knows, and outlives its stage; knows no key but those that cost money by themselves. */
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { names } from './names.ts';
import type { Stage } from './stage.ts';

export interface StorageProps extends StackProps {
  readonly stage: Stage;
  /** Of the function that hears of new segments of journals; it must be there, and S3 allowed to call it, before the bucket is. */
  readonly deliverArn: string;
}

/** Segments of journals are among them. So are chunks of logs, which no suffix tells apart: `deliver` leaves those. */
export const HINTS = { prefix: 'projects/', suffix: '.ndjson' } as const;

/** Whoever marks an object with it has it removed a day later. */
export const EXPIRING = { ganway: 'expires' } as const;

/** Tickets are good for a minute, and what is left of them for nothing. */
const TICKETS = 'auth/tickets/';

export class StorageStack extends Stack {
  constructor(scope: Construct, id: string, { stage, deliverArn, ...props }: StorageProps) {
    super(scope, id, props);
    const day = Duration.days(1);
    const bucket = new Bucket(this, 'Data', {
      // Its name is the one way to a bucket that an earlier deployment has left.
      bucketName: names.bucket(stage),
      removalPolicy: RemovalPolicy.RETAIN,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // A key of KMS would cost a dollar a month and a fee for every read.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [
        { id: 'expiring', tagFilters: EXPIRING, expiration: day },
        { id: 'tickets', prefix: TICKETS, expiration: day },
        { id: 'parts', abortIncompleteMultipartUploadAfter: day },
      ],
      cors: [
        {
          // A link is its own proof, and no cookie goes with it: it does not matter which page it is used on.
          allowedOrigins: ['*'],
          allowedMethods: [HttpMethods.GET, HttpMethods.HEAD, HttpMethods.PUT],
          allowedHeaders: ['content-type', 'if-none-match', 'range', 'x-amz-checksum-sha256'],
          exposedHeaders: ['content-length', 'content-range', 'etag'],
          maxAge: 3600,
        },
      ],
    });
    // The bucket's own property, not the helper of the library: that is one more function, with rights, that stays behind.
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      lambdaConfigurations: [
        {
          event: 's3:ObjectCreated:Put',
          function: deliverArn,
          filter: {
            s3Key: {
              rules: [
                { name: 'prefix', value: HINTS.prefix },
                { name: 'suffix', value: HINTS.suffix },
              ],
            },
          },
        },
      ],
    };
  }
}

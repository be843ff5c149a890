/** What the job of a run may do in storage, as a policy document of IAM; knows no role and asks for no credentials. */
import type { PinnedCheckpoint, SpecFile } from '../spec/spec.ts';
import { keys, projectOfRun } from '../storage/keys.ts';

/** Most characters of a session policy (IAM and AWS STS quotas; MinIO has the same). */
export const POLICY_LIMIT = 2048;

/** Longest prefix of all keys with which no policy is too long, however long the names of projects, data sets and bucket. */
export const LONGEST_PREFIX = 32;

export interface Bucket {
  readonly name: string;
  /** Put before every key; default none. */
  readonly prefix?: string;
}

/** Thrown where a policy is longer than IAM takes: only a prefix beyond {@link LONGEST_PREFIX} can be the cause. */
export class PolicyTooLong extends Error {
  override readonly name = 'PolicyTooLong';
}

/**
 * The policy of a run's job: it reads its run, the data set, the uploads and the checkpoint that the spec names, and writes
 * its run, but not what is decided before a job begins: spec and claims of launches. An import also writes its data set. It
 * removes nothing. Lists are allowed where reads are, because S3 calls a missing object forbidden where they are not.
 *
 * An import of more uploads than a policy has room for may read all uploads of its project.
 *
 * @returns JSON of at most {@link POLICY_LIMIT} characters
 * @throws PolicyTooLong
 */
export function sessionPolicy(file: SpecFile, bucket: Bucket): string {
  const fits = candidates(file)
    .map((grants) => JSON.stringify(policyOf(grants, bucket)))
    .find((policy) => policy.length <= POLICY_LIMIT);
  if (fits !== undefined) return fits;
  throw new PolicyTooLong(
    `The policy of run ${file.runId} is longer than the ${POLICY_LIMIT} characters that IAM takes. Give GANWAY_S3_PREFIX at most ${LONGEST_PREFIX}.`,
  );
}

/** Prefixes of keys; those that are whole keys end without a slash. */
interface Grants {
  readonly write: readonly string[];
  readonly frozen: readonly string[];
  readonly read: readonly string[];
}

/** From narrow to wide; the first that is short enough counts. */
function candidates({ runId, spec }: SpecFile): Grants[] {
  const run = keys.run(runId);
  const own = { write: [run], frozen: [keys.spec(runId), keys.launches(runId)], read: [] };
  switch (spec.task) {
    case 'TRAIN':
      return [
        { ...own, read: [keys.dataset(spec.dataset.id), ...(spec.startFrom ? [checkpoint(spec.startFrom)] : [])] },
      ];
    case 'EXPORT':
      return [{ ...own, read: [checkpoint(spec.checkpoint)] }];
    case 'IMPORT': {
      const write = [run, keys.dataset(spec.dataset.id)];
      const named = { ...own, write, read: spec.uploads.map(({ key }) => key) };
      return [named, { ...named, read: [keys.uploads(projectOfRun(runId))] }];
    }
  }
}

function checkpoint({ runId, step, attempt }: PinnedCheckpoint): string {
  return keys.checkpoint(runId, step, attempt);
}

function policyOf({ write, frozen, read }: Grants, { name, prefix = '' }: Bucket) {
  const arn = `arn:aws:s3:::${name}`;
  const pattern = (key: string): string => `${prefix}${key}${key.endsWith('/') ? '*' : ''}`;
  const objects = (patterns: readonly string[]): string[] => patterns.map((key) => `${arn}/${pattern(key)}`);
  const allow = (Action: string[], Resource: string[]) => ({ Effect: 'Allow', Action, Resource });
  return {
    Version: '2012-10-17',
    Statement: [
      allow(['s3:GetObject', 's3:PutObject'], objects(write)),
      { Effect: 'Deny', Action: ['s3:PutObject'], Resource: objects(frozen) },
      ...(read.length > 0 ? [allow(['s3:GetObject'], objects(read))] : []),
      {
        ...allow(['s3:ListBucket'], [arn]),
        Condition: { StringLike: { 's3:prefix': [...write, ...read].map(pattern) } },
      },
    ],
  };
}

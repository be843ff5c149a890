import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { specFileOf, tinyTrainSpec } from '../../batch/trainer/testing/specs.ts';
import type { ImportSpec, Spec } from '../spec/spec.ts';
import { keys, projectOfRun } from '../storage/keys.ts';
import { LONGEST_PREFIX, POLICY_LIMIT, PolicyTooLong, sessionPolicy } from './session-policy.ts';

const runId = 'lab-0123456789abcdefgh';
const train = tinyTrainSpec();
const pinned = (of: string) => ({ id: 'c', runId: of, step: 999_999_999, attempt: 9999, digest: '0'.repeat(64) });

function importOf(project: string, dataset: string, uploads: number): ImportSpec {
  const id = (index: number) => `${project}-${String(index).padStart(18, '0')}`;
  return {
    v: 1,
    task: 'IMPORT',
    dataset: { id: dataset, name: 'photos' },
    size: 64,
    uploads: Array.from({ length: uploads }, (_, index) => ({
      ...{ id: id(index), name: 'photos.zip', bytes: 1, sha256: '0'.repeat(64) },
      key: keys.upload(project, id(index)),
    })),
    resources: train.resources,
    limits: train.limits,
  };
}

const policyOf = (spec: Spec, bucket = { name: 'ganway' }) =>
  JSON.parse(sessionPolicy(specFileOf(runId, spec), bucket)) as { Statement: { Resource: string[] }[] };

describe('the policy of a run', () => {
  it('opens the run, its data set and the checkpoint it starts from, and not what was decided before', () => {
    const other = 'lab-zzzzzzzzzzzzzzzzzz';
    expect(policyOf({ ...train, startFrom: pinned(other) })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: [`arn:aws:s3:::ganway/projects/lab/runs/${runId}/*`],
        },
        {
          Effect: 'Deny',
          Action: ['s3:PutObject'],
          Resource: ['spec.json', 'launch/*'].map((name) => `arn:aws:s3:::ganway/projects/lab/runs/${runId}/${name}`),
        },
        {
          Effect: 'Allow',
          Action: ['s3:GetObject'],
          Resource: [
            'arn:aws:s3:::ganway/shared/datasets/tiny/*',
            `arn:aws:s3:::ganway/projects/lab/runs/${other}/checkpoints/999999999-9999/*`,
          ],
        },
        {
          Effect: 'Allow',
          Action: ['s3:ListBucket'],
          Resource: ['arn:aws:s3:::ganway'],
          Condition: {
            StringLike: {
              's3:prefix': [
                `projects/lab/runs/${runId}/*`,
                'shared/datasets/tiny/*',
                `projects/lab/runs/${other}/checkpoints/999999999-9999/*`,
              ],
            },
          },
        },
      ],
    });
  });

  it('lets an import write its data set and read its uploads one by one, or all where they are too many', () => {
    const few = policyOf(importOf('lab', 'lab-photos-x1', 2));
    expect(few.Statement[0]?.Resource).toContain('arn:aws:s3:::ganway/projects/lab/datasets/lab-photos-x1/*');
    expect(few.Statement[2]?.Resource).toEqual(
      [0, 1].map((index) => `arn:aws:s3:::ganway/projects/lab/uploads/lab-00000000000000000${index}/file`),
    );
    const many = policyOf(importOf('lab', 'lab-photos-x1', 100));
    expect(many.Statement[2]?.Resource).toEqual(['arn:aws:s3:::ganway/projects/lab/uploads/*']);
  });

  it('lets an export read one checkpoint, and no data set', () => {
    const policy = JSON.stringify(
      policyOf({ ...importOf('lab', 'x', 0), task: 'EXPORT', checkpoint: pinned(runId), training: train, formats: [] }),
    );
    expect(policy).toContain('checkpoints/999999999-9999/*');
    expect(policy).not.toContain('datasets');
  });

  it('has every key under the prefix of the bucket', () => {
    const policy = sessionPolicy(specFileOf(runId, train), { name: 'shared', prefix: 'team/' });
    expect(policy.match(/arn:aws:s3:::shared\/team\//g)).toHaveLength(4);
    expect(policy.match(/"team\//g)).toHaveLength(2);
  });

  it('is never longer than IAM takes, with the longest names there are', () => {
    const project = fc.stringMatching(/^[a-z][a-z0-9]{0,31}$/);
    const longest = 'p'.repeat(32);
    const names = fc.record({
      project: fc.oneof(project, fc.constant(longest)),
      bucket: fc.oneof(fc.stringMatching(/^[a-z0-9]{3,63}$/), fc.constant('b'.repeat(63))),
      slug: fc.oneof(fc.stringMatching(/^[a-z0-9]{1,40}$/), fc.constant('s'.repeat(40))),
      uploads: fc.nat(300),
      prefix: fc.constantFrom('', 'x'.repeat(LONGEST_PREFIX)),
    });
    fc.assert(
      fc.property(names, ({ project: id, bucket, slug, uploads, prefix }) => {
        const run = `${id}-${'0'.repeat(18)}`;
        const dataset = { ...train.dataset, id: `${longest}-${slug}-${'0'.repeat(6)}` };
        const startFrom = pinned(`${longest}-${'0'.repeat(18)}`);
        const specs: Spec[] = [
          { ...train, dataset, startFrom },
          importOf(id, `${id}-${slug}-${'0'.repeat(6)}`, uploads),
          { ...importOf(id, 'x', 0), task: 'EXPORT', checkpoint: startFrom, training: train, formats: [] },
        ];
        for (const spec of specs) {
          expect(projectOfRun(run)).toBe(id);
          const policy = sessionPolicy(specFileOf(run, spec), { name: bucket, prefix });
          expect(policy.length).toBeLessThanOrEqual(POLICY_LIMIT);
        }
      }),
    );
  });

  it('that a long prefix of the bucket makes too long is an error which says so', () => {
    const bucket = { name: 'b', prefix: `${'deep/'.repeat(80)}` };
    expect(() => sessionPolicy(specFileOf(runId, train), bucket)).toThrow(PolicyTooLong);
    expect(() => sessionPolicy(specFileOf(runId, train), bucket)).toThrow(/Give GANWAY_S3_PREFIX at most 32/);
  });
});

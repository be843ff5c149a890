/** What a person would look at before a deployment: who may do what, what there is, and whether CloudFormation will take it. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../setup/cache.mjs';
import { STAGES } from './stages.ts';
import { lintTemplates } from './testing/cfn-lint.ts';
import { review } from './testing/review.ts';
import { type Allowed, allowedBy, managedPolicies } from './testing/statements.ts';
import { rawOf, type Synthesized, synthesize } from './testing/synthesize.ts';

const run = promisify(execFile);

let folder: string;
let stages: readonly Synthesized[];
beforeAll(async () => {
  ({ folder, stages } = await synthesize());
}, 300_000);

const templates = (of: readonly Synthesized[]) => of.flatMap((stage) => Object.values(stage.templates).map(rawOf));

/** Everything that is not about one thing of the stage, with the reason why it cannot be. */
const UNLIMITED: readonly { readonly actions: RegExp; readonly resource: RegExp }[] = [
  // Neither action knows resources; they read states and names, no data.
  { actions: /^batch:(DescribeJobs|ListJobs)$/, resource: /^\*$/ },
  // The id in a job's ARN is not known before the job is.
  { actions: /^batch:TerminateJob$/, resource: /:job\/\*$/ },
  // What logs a machine in to the registry is for the whole registry; what may be pulled is limited beside it.
  { actions: /^ecr:GetAuthorizationToken$/, resource: /^\*$/ },
];

/** What AWS wrote for a machine of ECS: to be one of its cluster, to pull images, to write logs. Jobs cannot reach it. */
const MANAGED = [/:policy\/service-role\/AmazonEC2ContainerServiceforEC2Role$/];

/** A resource is limited where something of the stage stands before the first star: a name of it, or a reference to it. */
function isLimited(resource: string): boolean {
  const fixed = resource.split('*')[0] ?? '';
  if (fixed === resource) return true;
  return /ganway-\w+-/.test(fixed) || /<(?!AWS::)/.test(fixed);
}

function unlimited({ actions, resources }: Allowed): string[] {
  return resources.flatMap((resource) =>
    actions
      .filter((action) => /[*?]/.test(action) || !isLimited(resource))
      .filter((action) => !UNLIMITED.some((known) => known.actions.test(action) && known.resource.test(resource)))
      .map((action) => `${action} on ${resource}`),
  );
}

describe('least privilege', () => {
  it('holds: no star in an action, and none in place of a thing of the stage, but for those with a reason', () => {
    const found = templates(stages).flatMap(allowedBy);
    expect(found.filter(({ kind }) => kind === 'identity').length).toBeGreaterThan(20);
    expect(found.flatMap((statement) => unlimited(statement).map((line) => `${statement.by}: ${line}`))).toEqual([]);
  });

  it('would be seen to be broken', () => {
    const base = { by: 'a role', kind: 'identity' } as const;
    const star = (actions: string[], resources: string[]) => unlimited({ ...base, actions, resources });
    expect(star(['s3:*'], ['arn:aws:s3:::ganway-dev-data'])).toHaveLength(1);
    expect(star(['s3:GetObject'], ['*', 'arn:<AWS::Partition>:s3:::*', 'arn:aws:s3:::ganway-*'])).toHaveLength(3);
    expect(star(['s3:GetObject'], ['arn:aws:s3:::ganway-dev-<AWS::AccountId>/*', '<Data.Arn>/*'])).toEqual([]);
    expect(star(['batch:SubmitJob'], ['*'])).toHaveLength(1);
  });

  it('leaves the policies that others write to the machines', () => {
    const foreign = templates(stages).flatMap(managedPolicies);
    expect(foreign.filter((arn) => !MANAGED.some((known) => known.test(arn)))).toEqual([]);
  });

  it('gives a job nothing at all', () => {
    for (const { templates: of } of stages) {
      const training = rawOf(of.training);
      const roles = Object.keys(training.Resources).filter((id) => id.startsWith('JobRole'));
      expect(roles).toHaveLength(1);
      expect(allowedBy(training).filter(({ by }) => by === roles[0])).toEqual([]);
      expect(JSON.stringify(training.Resources[String(roles[0])]?.Properties)).not.toContain('Policies');
      const jobs = Object.values(training.Resources).filter(({ Type }) => Type === 'AWS::Batch::JobDefinition');
      for (const job of jobs) {
        expect(job.Properties?.ContainerProperties.JobRoleArn).toEqual({ 'Fn::GetAtt': [roles[0], 'Arn'] });
      }
    }
  });

  it('lets one function alone take on the role of the runs', () => {
    for (const { templates: of } of stages) {
      const api = rawOf(of.api);
      const takers = allowedBy(api).filter(({ actions }) => actions.includes('sts:AssumeRole'));
      expect(takers.filter(({ kind }) => kind === 'identity').map(({ by }) => by)).toEqual([
        expect.stringMatching(/^CredentialsFunctionRole/),
      ]);
      const [, role] = Object.entries(api.Resources).find(([id]) => id.startsWith('RunRole')) ?? [];
      expect(role?.Properties?.AssumeRolePolicyDocument.Statement).toMatchObject([
        { Principal: { AWS: { 'Fn::GetAtt': [takers[0]?.by, 'Arn'] } } },
      ]);
    }
  });
});

describe('the resources', () => {
  it('are those that were reviewed', async () => {
    for (const stage of stages) {
      await expect(review(stage)).toMatchFileSnapshot(`testing/resources.${stage.stage.name}.txt`);
    }
  });

  it('of two stages share no name', () => {
    const named = stages.map(({ templates: of }) =>
      Object.values(of).flatMap((template) =>
        Object.values(rawOf(template).Resources).flatMap(({ Type, Properties = {} }) =>
          Object.entries(Properties)
            .filter(([property]) => /(^|[a-z])Name$/.test(property) && !OF_OTHERS.has(`${Type} ${property}`))
            .map(([property, name]) => `${Type} ${property} ${JSON.stringify(name)}`),
        ),
      ),
    );
    const [one = [], two = []] = named;
    expect(one.length).toBeGreaterThan(20);
    expect(one.filter((name) => two.includes(name))).toEqual([]);
  });
});

/** Names of what is referred to, and names within something that has one of its own. */
const OF_OTHERS = new Set([
  'AWS::ApiGatewayV2::Authorizer Name',
  'AWS::ApiGatewayV2::Stage StageName',
  'AWS::CloudWatch::Alarm MetricName',
  'AWS::EC2::VPCEndpoint ServiceName',
  'AWS::IAM::Policy PolicyName',
  'AWS::Lambda::EventInvokeConfig FunctionName',
  'AWS::Lambda::Permission FunctionName',
]);

describe('CloudFormation', () => {
  it('finds nothing to complain of in the templates, as cfn-lint knows it', async () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
    expect(files).toHaveLength(5 * STAGES.length);
    expect(await lintTemplates(files.map((name) => join(folder, name)))).toEqual([]);
    // Where the cache is cold the linter is installed first.
  }, 300_000);

  it('is driven by the command line of the CDK, which reads what its library has written', async () => {
    const cdk = join(checkout, 'node_modules/aws-cdk/bin/cdk');
    const { stdout } = await run(process.execPath, [cdk, 'ls', '--app', folder], { encoding: 'utf8' });
    const expected = STAGES.flatMap(({ name }) =>
      ['api', 'observability', 'site', 'storage', 'training'].map((part) => `ganway-${name}-${part}`),
    );
    expect(stdout.trim().split('\n').sort()).toEqual(expected.sort());
  });
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../cdk/stages.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { checkout } from './cache.mjs';
import { commands, left } from './deploy.ts';

/** A machine without an account: no profile, no role, no region. */
const home = temporaryFolder();
const nobody = {
  PATH: process.env.PATH ?? '',
  HOME: home,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

function ganway(args: readonly string[], env: Record<string, string> = {}) {
  const program = join(checkout, 'graph/client/cli/ganway.mjs');
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: { ...nobody, ...env } });
}

describe('ganway deploy', () => {
  it('says in one sentence that there are no credentials', () => {
    const { status, stderr, stdout } = ganway(['deploy', 'dev']);
    expect(stderr).toMatch(/^ganway: No credentials of AWS can be used \(.*\): set AWS_PROFILE .*\.\n$/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('says in one sentence that there is no region, and what builds the image', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(ganway(['deploy', 'dev'], keys).stderr).toMatch(/^ganway: No region is chosen: set AWS_REGION.*\.\n$/);
    const placed = { ...keys, AWS_REGION: 'eu-central-1', CDK_DOCKER: 'no-such-engine' };
    expect(ganway(['deploy', 'dev'], placed).stderr).toMatch(/^ganway: There is no no-such-engine on PATH\. .*\n$/);
  });

  it('lists the stages where none is named, or one that is not there', () => {
    const unknown = ganway(['deploy', 'production']);
    expect(unknown.stderr).toMatch(/there is no stage production[\s\S]*dev, prod/);
    expect(unknown.status).toBe(2);
    expect(ganway(['destroy']).stderr).toMatch(/^usage: ganway deploy STAGE/);
    expect(ganway(['deploy', '--help'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^usage/) });
  });

  it('prepares the account, then deploys the stacks of one stage with the bucket that is left of an earlier one', () => {
    const [dev] = STAGES;
    if (!dev) throw new Error('There is no stage.');
    const [bootstrap, deploy, ...more] = commands('deploy', dev, ['--require-approval', 'never']);
    expect(bootstrap?.[0]).toBe('bootstrap');
    expect(deploy?.slice(0, 2)).toEqual(['deploy', 'ganway-dev-*']);
    expect(deploy).toEqual(expect.arrayContaining(['stage=dev', '--import-existing-resources', '--require-approval']));
    expect(more).toEqual([]);
    expect(commands('destroy', dev, [])[0]?.slice(0, 2)).toEqual(['destroy', 'ganway-dev-*']);
    expect(left(dev)).toContain('s3://ganway-dev-');
  });
});

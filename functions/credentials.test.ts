import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchTraining } from '../graph/run/launch.ts';
import { launchToken } from '../graph/run/launch-token.ts';
import { resumeRun } from '../graph/run/resume.ts';
import type { CredentialIssuer } from '../graph/storage/ports.ts';
import { makeCredentials } from './credentials.ts';
import { at, openWorld, viewer, type World } from './testing/world.ts';

type Request = Parameters<CredentialIssuer['issue']>[0];

const secret = new Uint8Array(32).fill(3);
const expiration = new Date('2026-01-01T01:00:00.000Z');
let world: World;
let requests: Request[];
let isDown = false;

beforeAll(async () => {
  const opened = await openWorld();
  const settings = { ...opened.g.settings, launchSecret: secret };
  world = { ...opened, g: { ...opened.g, settings } };
});
afterAll(() => world.close());
beforeEach(() => {
  requests = [];
  isDown = false;
});

const issuer: CredentialIssuer = {
  issue: async (request) => {
    if (isDown) throw new Error('STS is out of reach');
    requests.push(request);
    return { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'session', expiration };
  },
};

async function ask(authorization?: string) {
  const log = pino({ level: 'silent' });
  const handler = makeCredentials({ g: world.g, log, issue: { issuer, secret, bucket: { name: 'bucket' } } });
  const event = { rawQueryString: '', headers: { authorization }, requestContext: { http: { method: 'POST' } } };
  const { statusCode, body, headers } = await handler(event);
  expect(headers['cache-control']).toBe('no-store');
  return { statusCode, body: JSON.parse(body) };
}

const tokenOf = (runId: string, launch = 1): string =>
  launchToken(secret, { runId, launch, expiresAt: new Date('2027-01-01T00:00:00.000Z') });

const ended = (phase: 'SUCCEEDED' | 'STOPPED') => ({ type: 'RUN_ENDED', at: at(9), phase, reason: null }) as const;

describe('the credential endpoint', () => {
  it('gives the job of a launch what its run needs, for an hour', async () => {
    const runId = await world.newRun();
    expect(await ask(`Bearer ${tokenOf(runId)}`)).toEqual({
      statusCode: 200,
      body: {
        accessKeyId: 'id',
        secretAccessKey: 'secret',
        sessionToken: 'session',
        expiration: '2026-01-01T01:00:00.000Z',
      },
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ name: `${runId}-1`, seconds: 3600 });
    expect(requests[0]?.policy).toContain(`arn:aws:s3:::bucket/projects/lab/runs/${runId}/*`);
  });

  it('takes the token that a job has in its environment', async () => {
    const training = { dataset: 'digits', kimg: 3.2 };
    await launchTraining(world.g, viewer, { idempotencyKey: 'k', training });
    const token = world.jobs.at(-1)?.environment.GANWAY_LAUNCH_TOKEN;
    expect((await ask(`Bearer ${token}`)).statusCode).toBe(200);
  });

  it('gives nothing without proof', async () => {
    const runId = await world.newRun();
    const stale = launchToken(secret, { runId, launch: 1, expiresAt: new Date('2025-12-31T00:00:00.000Z') });
    const forged = launchToken(new Uint8Array(32), { runId, launch: 1, expiresAt: expiration });
    for (const authorization of [undefined, 'Bearer', 'Basic abc', `Bearer ${forged}`, `Bearer ${stale}`]) {
      expect((await ask(authorization)).statusCode).toBe(401);
    }
    expect(requests).toEqual([]);
  });

  it('gives nothing to a run that has ended, was deleted or never was', async () => {
    const [over, gone] = [await world.newRun(), await world.newRun()];
    await world.say(over, ended('SUCCEEDED'));
    await world.say(gone, ended('SUCCEEDED'), { type: 'RUN_DELETED', at: at(10) });
    for (const runId of [over, gone, 'lab-000000000000000000']) {
      expect((await ask(`Bearer ${tokenOf(runId)}`)).statusCode).toBe(403);
    }
    expect(requests).toEqual([]);
  });

  it('gives the newest launch what it no longer gives the one before', async () => {
    const runId = await world.newRun();
    await world.say(runId, ended('STOPPED'));
    await resumeRun(world.g, viewer, runId);
    expect(await ask(`Bearer ${tokenOf(runId, 1)}`)).toEqual({
      statusCode: 403,
      body: { message: 'Launch 2 has replaced 1.' },
    });
    expect((await ask(`Bearer ${tokenOf(runId, 2)}`)).statusCode).toBe(200);
  });

  it('says that it is worth asking again where credentials cannot be had', async () => {
    const runId = await world.newRun();
    isDown = true;
    expect((await ask(`Bearer ${tokenOf(runId)}`)).statusCode).toBe(503);
  });
});

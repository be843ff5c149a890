import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { newHome, removeHomes, startStack } from './stack.ts';
import { launchAndWatch, SMALL } from './training.ts';
import { exactRows } from './watch-run.ts';

/** The outage the system promises to bear without a loss is ten minutes; a test has less time. */
const OUTAGE_MS = 20_000;
const KEYS = { MINIO_ROOT_USER: 'outage-user', MINIO_ROOT_PASSWORD: 'outage-password' };
const TRAINING = {
  ...SMALL,
  kimg: 40,
  model: { generatorChannels: [16, 8, 8], discriminatorChannels: [8, 8] },
  snapshots: { tickSteps: 25, sampleSteps: 250, checkpointSteps: 250, columns: 2, rows: 2 },
};

const leftovers: (() => unknown)[] = [];
afterAll(async () => {
  for (const dispose of leftovers.reverse()) await dispose();
  removeHomes();
}, 60_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** A server of somebody else, which nobody starts again for us. */
async function foreignStore(binary: string, folder: string, port: number): Promise<ChildProcess> {
  const child = spawn(binary, ['server', '--quiet', '--address', `127.0.0.1:${port}`, folder], {
    env: { ...process.env, ...KEYS },
    stdio: 'ignore',
  });
  leftovers.push(() => child.kill('SIGKILL'));
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/minio/health/cluster`).catch(() => null);
    if (answer?.ok) return child;
    await wait(50);
  }
}

describe('an object store that is killed in mid-run and stays away', () => {
  it('costs no step, no row, no sheet and no attempt', async () => {
    const binary = inject('minioPath');
    if (!binary) throw new Error('This test needs MinIO.');
    const port = await freePort();
    const folder = join(newHome(), 'objects');
    const server = await foreignStore(binary, folder, port);
    const stack = await startStack({
      env: {
        GANWAY_S3_ENDPOINT: `http://127.0.0.1:${port}`,
        GANWAY_S3_BUCKET: 'ganway',
        GANWAY_S3_REGION: 'us-east-1',
        GANWAY_S3_ACCESS_KEY_ID: KEYS.MINIO_ROOT_USER,
        GANWAY_S3_SECRET_ACCESS_KEY: KEYS.MINIO_ROOT_PASSWORD,
      },
    });
    leftovers.push(() => stack.stop());
    const undisturbed = await (await launchAndWatch(stack, TRAINING)).watcher.ended;

    const { watcher } = await launchAndWatch(stack, TRAINING);
    await watcher.until((event) => (event.step ?? 0) >= 100);
    server.kill('SIGKILL');
    await wait(OUTAGE_MS);
    await foreignStore(binary, folder, port);
    const events = await watcher.ended;

    expect(events.at(-1)?.phase).toBe('SUCCEEDED');
    expect(events.filter((event) => event.attempt)).toHaveLength(1);
    expect(exactRows(events)).toEqual(exactRows(undisturbed));
    const sheets = (seen: typeof events) =>
      seen.flatMap(({ sheet }) => (sheet ? [`${sheet.step} ${sheet.sha256}`] : []));
    expect(sheets(events)).toEqual(expect.arrayContaining(sheets(undisturbed)));
  }, 240_000);
});

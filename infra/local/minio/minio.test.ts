import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { identify, isAlive, type ProcessIdentity } from '../../process/identity.ts';
import { ensureBucket, minioClient } from './bucket.ts';
import { listenBucket } from './listen.ts';
import { type Minio, MinioStartError, startMinio } from './server.ts';

const binary = inject('minioPath') ?? '';
const leftovers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const dispose of leftovers.splice(0).reverse()) await dispose();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ganway-minio-'));
  leftovers.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function start(dataDir: string): Promise<Minio> {
  const minio = await startMinio({ binary, dataDir });
  leftovers.push(() => minio.stop());
  return minio;
}

function pidOf(minio: Minio): number {
  if (minio.pid === null) throw new Error('the server is down');
  return minio.pid;
}

describe.runIf(binary)('a MinIO of our own', () => {
  test('keeps its port, credentials and objects from one start to the next', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await ensureBucket(first, 'kept');
    await minioClient(first).putObject('kept', 'a', 'text');
    await first.stop();
    const second = await start(dataDir);
    const { endpoint, accessKeyId, secretAccessKey } = first;
    expect(second).toMatchObject({ endpoint, accessKeyId, secretAccessKey });
    expect((await minioClient(second).statObject('kept', 'a')).size).toBe(4);
  });

  test('tells its credentials to nobody but the owner of the folder', async () => {
    const dataDir = folder();
    await start(dataDir);
    expect(statSync(join(dataDir, 'server.json')).mode & 0o777).toBe(0o600);
  });

  test('comes back on the same endpoint after SIGKILL', async () => {
    const minio = await start(folder());
    await ensureBucket(minio, 'kept');
    const killed = pidOf(minio);
    const back = new Promise<void>((resolve) => minio.onRestart(resolve));
    process.kill(killed, 'SIGKILL');
    await back;
    expect(minio.pid).not.toBe(killed);
    expect(await minioClient(minio).bucketExists('kept')).toBe(true);
  });

  test('leaves no process behind when it is stopped', async () => {
    const minio = await start(folder());
    const pid = pidOf(minio);
    await minio.stop();
    expect(identify(pid)).toBeNull();
  });

  test('is not started again when it is stopped while it is down', async () => {
    const dataDir = folder();
    const minio = await start(dataDir);
    process.kill(pidOf(minio), 'SIGKILL');
    await minio.stop();
    expect(minio.pid).toBeNull();
  });

  /** The server of a process that was killed right after it had started it. */
  async function orphan(dataDir: string, outlivesMs: number): Promise<ProcessIdentity> {
    const program = `
      import { startMinio } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)};
      const options = ${JSON.stringify({ binary, dataDir, outlivesMs })};
      console.log((await startMinio(options)).pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const server = identify(Number(String(line)));
    parent.kill('SIGKILL');
    if (server === null) throw new Error('the server did not run');
    return server;
  }

  test('ends a server that a killed Ganway left on its folder', async () => {
    const dataDir = folder();
    const left = await orphan(dataDir, 60_000);
    const next = await start(dataDir);
    expect(next.pid).not.toBe(left.pid);
    expect(isAlive(left)).toBe(false);
  });

  test('is ended by its keeper when the process that started it is killed', async () => {
    const server = await orphan(folder(), 100);
    while (isAlive(server)) await new Promise((done) => setTimeout(done, 20));
  });

  test('leaves a process alone that has the id of an old server by chance', async () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, 'server.pid'), JSON.stringify({ pid: process.pid, stamp: 'another process' }));
    await start(dataDir);
    expect(identify(process.pid)).not.toBeNull();
  });

  test('says what the server wrote when it cannot start', async () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, 'objects'), 'not a folder');
    await expect(startMinio({ binary, dataDir })).rejects.toThrow(MinioStartError);
    expect(readFileSync(join(dataDir, 'server.log'), 'utf8')).not.toBe('');
  });
});

describe.runIf(binary)('hints of new objects', () => {
  /** Waits for what a callback brings, one item after the other. */
  function inbox<T>() {
    const items: T[] = [];
    let wake = () => {};
    return {
      push(item: T) {
        items.push(item);
        wake();
      },
      async until(wanted: (item: T) => boolean): Promise<T> {
        for (;;) {
          const found = items.find(wanted);
          if (found !== undefined) return found;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      items,
    };
  }

  test('bring the key as it was written, of the bucket and prefix asked for', async () => {
    const minio = await start(folder());
    await ensureBucket(minio, 'heard');
    await ensureBucket(minio, 'other');
    const keys = inbox<string>();
    await new Promise<void>((onReconnect) => {
      const listening = listenBucket({ minio, bucket: 'heard', prefix: 'a/', onKey: keys.push, onReconnect });
      leftovers.push(() => listening.stop());
    });
    const client = minioClient(minio);
    await client.putObject('other', 'a/no', '');
    await client.putObject('heard', 'b/no', '');
    await client.putObject('heard', 'a/ x+y&é%20', '');
    await client.putObject('heard', 'a/last', '');
    // They come in any order.
    await keys.until((key) => key === 'a/last');
    await keys.until((key) => key === 'a/ x+y&é%20');
    expect(keys.items.filter((key) => key.endsWith('no'))).toEqual([]);
  });

  test('come again after the server was killed, and the caller is told to catch up first', async () => {
    const minio = await start(folder());
    await ensureBucket(minio, 'heard');
    const client = minioClient(minio);
    const heard = inbox<string>();
    const listening = listenBucket({
      minio,
      bucket: 'heard',
      onKey: (key) => heard.push(`key ${key}`),
      onReconnect: () => heard.push(`listening ${heard.items.length}`),
    });
    leftovers.push(() => listening.stop());
    await heard.until((item) => item === 'listening 0');
    process.kill(pidOf(minio), 'SIGKILL');
    await heard.until((item) => item.startsWith('listening') && item !== 'listening 0');
    await client.putObject('heard', 'after', '');
    expect(await heard.until((item) => item === 'key after')).toBe('key after');
  });

  test('are believed from our own server alone', async () => {
    const { openHintReceiver } = await import('./hints.ts');
    const receiver = await openHintReceiver();
    leftovers.push(() => receiver.close());
    const heard: string[] = [];
    receiver.onObject((_, key) => heard.push(key));
    const url = receiver.environment.MINIO_NOTIFY_WEBHOOK_ENDPOINT_GANWAY ?? '';
    const body = JSON.stringify({ Records: [{ s3: { bucket: { name: 'b' }, object: { key: 'k' } } }] });
    const token = receiver.environment.MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_GANWAY;
    expect((await fetch(url, { method: 'POST', body })).status).toBe(403);
    expect(
      (await fetch(url, { method: 'POST', body: '{', headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(400);
    expect(heard).toEqual([]);
    expect((await fetch(url, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
    expect(heard).toEqual(['k']);
  });
});

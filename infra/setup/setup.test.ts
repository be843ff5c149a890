import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { doctor, formatReport } from './doctor.ts';
import { checkNode } from './node-version.mjs';
import { addressOf } from './pypi.mjs';
import { explain, SetupError } from './setup-error.mjs';
import { CPU_WHEELS, CUDA_WHEELS, GPU_WHEELS } from './wheels.mjs';

const start = new URL('start.mjs', import.meta.url).pathname;

test('Node 20.19 to 24 may run it, others are told which may', () => {
  for (const version of ['20.19.0', '20.20.2', '22.0.0', '24.11.1']) expect(() => checkNode(version)).not.toThrow();
  for (const version of ['18.20.4', '20.18.3', '25.0.0']) expect(() => checkNode(version)).toThrow(/Node 20.19 to 24/);
});

test('a cache that cannot be written is one sentence and exit code 1', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const { status, stderr } = spawnSync(process.execPath, [start], {
    env: { ...process.env, GANWAY_CACHE: join(file, 'cache') },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^ganway: Nothing can be written to .*\n$/);
});

test('what the system says in codes is explained in words', () => {
  expect(explain(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' }))).toMatch(/disk is full/);
  const offline = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  expect(explain(new Error('no wheel', { cause: offline }))).toMatch(/no wheel: .*online/);
});

test('every wheel is pinned by its whole name, size and hash', () => {
  for (const { filename, size, unpacked, sha256 } of [
    ...Object.values(CPU_WHEELS),
    ...Object.values(GPU_WHEELS),
    ...CUDA_WHEELS,
  ]) {
    expect(filename).toMatch(/^[a-z0-9_]+-[\d.]+-[\w.-]+\.whl$/);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(size).toBeGreaterThan(500_000);
    expect(unpacked).toBeGreaterThan(500_000);
  }
});

test('the index is asked in JSON, and its relative addresses are resolved', async () => {
  const wheel = { project: 'pkg', filename: 'pkg-1-py3-none-any.whl' };
  const accepted: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    accepted.push(request.headers.accept);
    if (request.url === '/html/pkg/') response.end('<html>');
    else if (request.url === '/gone/pkg/') response.writeHead(404).end();
    else response.end(JSON.stringify({ files: [{ filename: wheel.filename, url: '../../files/x.whl' }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  try {
    expect(await addressOf(wheel, `${base}/simple`)).toBe(`${base}/files/x.whl`);
    expect(accepted).toEqual(['application/vnd.pypi.simple.v1+json']);
    await expect(addressOf({ ...wheel, filename: 'other.whl' }, `${base}/simple`)).rejects.toThrow(
      /does not have other.whl/,
    );
    await expect(addressOf(wheel, `${base}/html`)).rejects.toThrow(SetupError);
    await expect(addressOf(wheel, `${base}/gone`)).rejects.toThrow(/answers 404/);
  } finally {
    server.close();
  }
});

test('the doctor has a line for every part, and advice wherever something is not well', async () => {
  const report = await doctor({ seconds: 0.1 });
  const names = report.findings.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'Node',
      'npm',
      'system',
      'processor',
      'memory',
      'cache',
      'disk',
      'TensorFlow',
      'GPU',
      'storage',
    ]),
  );
  for (const { status, advice } of report.findings) expect(advice === null).toBe(status === 'ok');
  expect(formatReport(report).split('\n').length).toBeGreaterThanOrEqual(names.length);
});

test('the doctor trains for a moment and says how fast, where and by what', async () => {
  const { benchmark, findings } = await doctor({ seconds: 0.1 });
  expect(benchmark).toMatchObject({
    executor: expect.stringMatching(/^(tensorflow|capi)$/),
    library: expect.stringMatching(/^TensorFlow \d/),
    device: expect.stringMatching(/^[cg]pu /),
    instructionSet: expect.stringContaining(process.arch),
    threads: availableParallelism(),
    preset: 'r3gan',
    size: 28,
  });
  expect(benchmark?.steps).toBeGreaterThan(0);
  expect(benchmark?.imagesPerSecond).toBeCloseTo(32 * (benchmark?.stepsPerSecond ?? 0), 6);
  const lines = Object.fromEntries(findings.map(({ name, value }) => [name, value]));
  expect(lines.TensorFlow).toContain(`executor ${benchmark?.executor}`);
  expect(lines.benchmark).toMatch(/^r3gan 28×28: [\d.]+ steps\/s/);
});

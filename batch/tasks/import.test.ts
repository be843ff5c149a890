import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../infra/test/temporary-folder.ts';
import { openDataset } from '../data/open-dataset.ts';
import { zipOf } from '../data/testing/archives.ts';
import { EXIT, type SpoolEvent } from '../protocol.ts';

const main = fileURLToPath(new URL('./import-main.ts', import.meta.url));

const photo = (shade: number) =>
  sharp({ create: { width: 20, height: 10, channels: 3, background: { r: shade, g: 0, b: 0 } } })
    .png()
    .toBuffer();

/** A work folder as a supervisor prepares it: uploads lie under their ids. */
async function workFolder(uploads: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const work = temporaryFolder();
  await mkdir(join(work, 'uploads'));
  for (const [n, data] of Object.values(uploads).entries()) await writeFile(join(work, 'uploads', `upload-${n}`), data);
  const spec = {
    v: 1,
    task: 'IMPORT',
    dataset: { id: 'default-abc', name: 'Photos' },
    size: 8,
    uploads: Object.entries(uploads).map(([name, { length }], n) => ({
      id: `upload-${n}`,
      name,
      key: 'k',
      bytes: length,
      sha256: '',
    })),
    resources: { threads: 2, gpus: 0, memoryMb: 1024 },
    limits: { maxRuntime: null },
  };
  const file = { v: 1, runId: 'default-1', createdAt: '2026-01-01T00:00:00Z', createdBy: 'me', name: null, spec };
  await writeFile(join(work, 'spec.json'), JSON.stringify(file));
  await writeFile(join(work, 'start.json'), JSON.stringify({ v: 1, attempt: 1, resumeFrom: null }));
  return work;
}

/** Starts the process; it is killed when the test ends, whatever happened. */
function start(work: string): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
  const child = spawn(process.execPath, ['--import', 'tsx', main, work], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  return { child, ended };
}

async function spoolOf(work: string): Promise<SpoolEvent[]> {
  const lines = (await readFile(join(work, 'spool', 'events.ndjson'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as SpoolEvent);
}

it('turns an upload into a data set in the spool and logs every file it skips', async () => {
  const files = [
    { name: 'photos/cats/1.png', data: await photo(10) },
    { name: 'photos/dogs/1.png', data: await photo(20) },
    { name: 'photos/dogs/2.png', data: await photo(20) },
    { name: 'photos/dogs/notes.txt', data: Buffer.from('woof') },
  ];
  const work = await workFolder({ 'photos.zip': zipOf(files) });
  const { code, output } = await start(work).ended;
  expect(output).toContain('skipped photos/dogs/notes.txt: It is no PNG');
  expect(output).toContain(
    'imported 3 images as 8×8 colour, 2 classes; 1 files skipped, 1 images occur more than once',
  );
  expect(code).toBe(EXIT.done);
  const events = await spoolOf(work);
  expect(events.at(-1)).toMatchObject({ type: 'end', outcome: 'DONE' });
  const [progress, dataset] = events.slice(-3);
  expect(progress).toMatchObject({ type: 'progress', fraction: 1 });
  const folder = dataset?.type === 'dataset' ? dataset.folder : '';
  const { manifest } = await openDataset(join(work, 'spool', folder));
  expect(manifest).toMatchObject({ id: 'default-abc', name: 'Photos', images: 3, classes: ['cats', 'dogs'] });
  expect((await readdir(work)).sort()).toEqual(['spec.json', 'spool', 'start.json', 'uploads']);
}, 30_000);

it('fails with a sentence that names what was wrong where nothing is usable', async () => {
  const work = await workFolder({ 'notes.txt': Buffer.from('hello'), 'nothing.zip': zipOf([]) });
  const { code } = await start(work).ended;
  expect(code).toBe(EXIT.badSpec);
  expect((await spoolOf(work)).at(-1)).toMatchObject({
    type: 'failed',
    code: 'IMPORT_FAILED',
    message:
      'No usable image in notes.txt, nothing.zip. The only file was skipped. ' +
      'notes.txt: It is no PNG, JPEG, WebP, GIF, TIFF or AVIF image.',
  });
  expect(await readdir(join(work, 'spool'))).toEqual(['events.ndjson']);
}, 30_000);

it('ends as stopped at SIGTERM, without a data set', async () => {
  const data = await photo(1);
  const work = await workFolder({
    'many.zip': zipOf(Array.from({ length: 20_000 }, (_, n) => ({ name: `${n}.png`, data, deflate: false }))),
  });
  const { child, ended } = start(work);
  await until(async () => (await spoolOf(work).catch(() => [])).some(({ type }) => type === 'progress'));
  child.kill('SIGTERM');
  expect((await ended).code).toBe(EXIT.done);
  const events = await spoolOf(work);
  expect(events.at(-1)).toMatchObject({ type: 'end', outcome: 'STOPPED' });
  expect(events.map(({ type }) => type)).not.toContain('dataset');
  const times = events.filter(({ type }) => type === 'progress').map(({ at }) => Date.parse(at));
  for (const [n, time] of times.slice(1).entries()) expect(time - (times[n] ?? 0)).toBeGreaterThanOrEqual(245);
}, 60_000);

/** Looks again at every turn of the event loop's timers until it is so; the test's own limit ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

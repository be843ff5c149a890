/** The import graph of the checkout as the source texts state it; knows no rule. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['graph', 'batch', 'functions', 'infra'];

export interface SourceFile {
  /** Path from the root of the checkout. */
  readonly path: string;
  readonly text: string;
  /** Files of the checkout it imports, types included. */
  readonly imports: readonly string[];
  /** Files it imports when it runs: not those of which it takes only types. */
  readonly runs: readonly string[];
  /** Packages it imports, e.g. `@aws-sdk/client-s3`, `node:fs`. */
  readonly packages: readonly string[];
}

/** Every TypeScript source that is no test, no helper of tests (`testing.ts`, `testing/`) and not generated. */
export function readImportGraph(): ReadonlyMap<string, SourceFile> {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const sources = paths.filter(
    (path) => /\.(ts|mts)$/.test(path) && !/\.test\.ts$|\.gen\.ts$|\/testing(\.ts$|\/)/.test(path),
  );
  return new Map(sources.map((path) => [path, readSource(path)]));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const all = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
  const running = ts.preProcessFile(withoutTypeImports(text), true, true).importedFiles.map((file) => file.fileName);
  const local = (names: readonly string[]) =>
    names
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(ROOT, resolve(ROOT, dirname(path), name)))
      .filter((target) => existsSync(join(ROOT, target)));
  return {
    path,
    text,
    imports: local(all),
    runs: local(running),
    packages: all.filter((name) => !name.startsWith('.')),
  };
}

function withoutTypeImports(text: string): string {
  return text.replace(/^(import|export) type [^;]*;/gm, '');
}

/** Everything a file reaches when it runs, itself included. */
export function reachableFrom(graph: ReadonlyMap<string, SourceFile>, entry: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const next of graph.get(path)?.runs ?? []) visit(next);
  };
  visit(entry);
  return seen;
}

/** A chain of running imports that comes back to where it began, or null. */
export function findCycle(graph: ReadonlyMap<string, SourceFile>, within: (path: string) => boolean): string[] | null {
  const done = new Set<string>();
  const visit = (path: string, chain: readonly string[]): string[] | null => {
    if (chain.includes(path)) return [...chain.slice(chain.indexOf(path)), path];
    if (done.has(path) || !within(path)) return null;
    for (const next of graph.get(path)?.runs ?? []) {
      const cycle = visit(next, [...chain, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
}

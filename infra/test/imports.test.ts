import { describe, expect, it } from 'vitest';
import { findCycle, reachableFrom, readImportGraph, type SourceFile } from './import-graph.ts';

const graph = readImportGraph();
const files = [...graph.values()];

/** Rooms, most specific first: a file lives in the first one that matches. */
const ROOMS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['graph/client', /^graph\/client\//],
  ['graph', /^graph\//],
  ['infra/bundle', /^infra\/bundle\//],
  ['infra/clients', /^infra\/clients\//],
  ['infra/process', /^infra\/process\//],
  ['infra/local', /^infra\/local\//],
  ['infra/setup', /^infra\/setup\//],
  ['infra/container', /^infra\/container\//],
  ['infra/cdk', /^infra\/cdk\//],
  ['infra/test', /^infra\/test\//],
  ['functions', /^functions\//],
  ['supervisor', /^batch\/(main\.ts|supervisor\/)/],
  ['protocol', /^batch\/protocol(\.ts$|\/)/],
  ['engine', /^batch\/(engine|models|losses|optim)\//],
  ['trainer', /^batch\//],
];
const roomOf = (path: string): string => ROOMS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'outside';

const PORTS = /^graph\/(storage\/|ganway\.ts)/;
const SPEC = /^graph\/(spec\/|run\/(numbers|reasons)\.ts|storage\/json\.ts)/;
/** What a room may import from another; within itself it may import everything. */
const MAY: Record<string, readonly (RegExp | string)[]> = {
  graph: [],
  'graph/client': [/^graph\/schema\.graphql$/, /\.gen\.ts$/],
  'infra/clients': [PORTS, 'infra/process'],
  'infra/bundle': [],
  'infra/process': [],
  protocol: [/^graph\/(run\/numbers|spec\/spec)\.ts$/],
  supervisor: [
    /^graph\/(money|run|spec|storage)\//,
    /^graph\/ganway\.ts$/,
    'infra/clients',
    'infra/process',
    'protocol',
    /^package\.json$/,
  ],
  engine: [SPEC, 'protocol'],
  trainer: [SPEC, 'protocol', 'engine', /^package\.json$/],
  functions: ['graph', 'infra/clients', 'engine', /^package\.json$/],
  'infra/local': [
    'graph',
    'infra/bundle',
    'infra/clients',
    'infra/process',
    'functions',
    'infra/setup',
    /^batch\/data\//,
  ],
  'infra/setup': [
    'infra/local',
    'graph',
    'infra/clients',
    /^batch\/protocol\/environment\.ts$/,
    /^infra\/cdk\/stages?\.ts$/,
  ],
  'infra/container': ['infra/local', 'infra/setup'],
  'infra/cdk': [/^graph\/(storage\/keys|money\/sizes)\.ts$/, 'infra/bundle', /^infra\/clients\/retry-rules\.ts$/],
  'infra/test': [/./],
};

const allowed = (from: SourceFile, to: string): boolean => {
  const [source, target] = [roomOf(from.path), roomOf(to)];
  if (source === target) return true;
  return (MAY[source] ?? []).some((rule) => (typeof rule === 'string' ? rule === target : rule.test(to)));
};

describe('imports between rooms', () => {
  it('follow the table of the design', () => {
    const violations = files.flatMap((file) =>
      file.imports.filter((to) => !allowed(file, to)).map((to) => `${file.path} -> ${to}`),
    );
    expect(violations).toEqual([]);
  });

  it('make no cycle in the domain', () => {
    expect(findCycle(graph, (path) => roomOf(path) === 'graph')).toBeNull();
  });
});

describe('packages', () => {
  const users = (pattern: RegExp, except: RegExp) =>
    files
      .filter((file) => file.packages.some((name) => pattern.test(name)) && !except.test(file.path))
      .map((f) => f.path);

  it('of TensorFlow are for the executors alone', () => {
    expect(users(/^@tensorflow\//, /^batch\/engine\/executors\//)).toEqual([]);
  });
  it('of AWS are for the clients alone', () => {
    expect(users(/^@aws-sdk\//, /^infra\/clients\//)).toEqual([]);
  });
  it('of MinIO are for infra alone', () => {
    expect(users(/^minio$/, /^infra\//)).toEqual([]);
  });
  it('of the CDK are for its stacks alone', () => {
    expect(users(/^aws-cdk-lib/, /^infra\/cdk\//)).toEqual([]);
  });
  it('of the operating system stay out of the domain', () => {
    const host = /^node:(fs|child_process|net|http|os|path|process|timers|worker_threads)/;
    const inDomain = files.filter((file) => roomOf(file.path) === 'graph' && file.path !== 'graph/codegen.ts');
    expect(inDomain.filter((file) => file.packages.some((name) => host.test(name))).map((f) => f.path)).toEqual([]);
  });
});

describe('the world', () => {
  it('is read from process.env only where a program begins', () => {
    const entries = /^(functions\/env\.ts|batch\/main\.ts|infra\/|graph\/client\/cli\/)/;
    const readers = files.filter((file) => /\bprocess\.env\b/.test(file.text) && !entries.test(file.path));
    expect(readers.map((file) => file.path)).toEqual([]);
  });

  it('has no clock and no dice in the domain', () => {
    const clock = /\b(Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|setInterval\()/;
    const domain = files.filter((file) => roomOf(file.path) === 'graph' && clock.test(file.text));
    expect(domain.map((file) => file.path)).toEqual([]);
  });

  it('reaches no TensorFlow from anything a Lambda bundles', () => {
    const entries = files.filter((file) => /^functions\/[^/]+\.ts$/.test(file.path));
    const reached = entries.flatMap((entry) => [...reachableFrom(graph, entry.path)]);
    const native = reached.filter((path) => graph.get(path)?.packages.some((name) => name.startsWith('@tensorflow/')));
    expect(native).toEqual([]);
  });

  it('was really read', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(reachableFrom(graph, 'graph/run/launch.ts').has('graph/run/fold.ts')).toBe(true);
  });
});

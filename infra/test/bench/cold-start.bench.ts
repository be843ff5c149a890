/**
 * `npm run bench cold-start`: how large the bundles of the functions are, and how long a fresh process on one core takes
 * until `http` has answered its first event; asserts nothing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFunctions } from '../../bundle/functions.ts';
import { findProgram } from '../../setup/command.mjs';
import { readOptions } from './options.ts';
import { median, quantile } from './quantiles.ts';
import { createReporter } from './report.ts';

const SIZE_KB = 2000;
const START_MS = 300;

/** Milliseconds from the start of the script until the bundle is loaded, and until it has answered. */
const COLD_START = `
  const from = performance.now();
  const { handler } = await import(process.argv[1]);
  const loaded = performance.now();
  const answer = await handler({
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'localhost' },
    requestContext: { http: { method: 'POST' } },
    body: '{"query":"{ viewer { id } }"}',
  });
  const answered = performance.now();
  if (!answer.body.includes('"id"')) throw new Error(answer.body);
  console.log(JSON.stringify({ node: from, load: loaded - from, answer: answered - loaded }));
`;

interface ColdStart {
  /** Of Node.js itself, before anything of ours. */
  readonly node: number;
  readonly load: number;
  readonly answer: number;
}

export async function main(argv: readonly string[]): Promise<void> {
  const { json, starts } = readOptions(argv, { starts: 21 });
  const report = createReporter({ json });
  const folder = mkdtempSync(join(tmpdir(), 'ganway-cold-start-'));
  try {
    const bundles = Object.values(await bundleFunctions(folder));
    report.figures(
      'Bundles of the functions',
      bundles.map(({ name, size }) => ({
        ...{
          name: `cold-start.${name}.size`,
          value: size / 1000,
          unit: 'kB',
          target: name === 'http' ? SIZE_KB : null,
        },
      })),
    );
    const http = bundles.find(({ name }) => name === 'http');
    if (!http) throw new Error('There is no bundle of http.');
    const oneCore = findProgram('taskset');
    if (!oneCore) report.note('there is no taskset: the processes may use every core');
    const start = (): ColdStart => {
      const node = ['--input-type=module', '--eval', COLD_START, pathToFileURL(http.file).href];
      const [program, args] = oneCore
        ? [oneCore, ['--cpu-list', '0', process.execPath, ...node]]
        : [process.execPath, node];
      const env = {
        GANWAY_EMBEDDED_STORE: join(folder, 'store'),
        GANWAY_LINK_SECRET: Buffer.alloc(32, 1).toString('base64'),
        GANWAY_AUTOMATIC_USER: '1',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      };
      return JSON.parse(execFileSync(program, args, { encoding: 'utf8', env }));
    };
    // The first one reads the disk.
    start();
    const times = Array.from({ length: starts }, start);
    const of = (part: (time: ColdStart) => number, p: number) =>
      p === 0.5 ? median(times.map(part)) : quantile(times.map(part), p);
    const figure = (which: string, value: number, target: number | null = null) => ({
      ...{ name: `cold-start.http.${which}`, value, unit: 'ms', target },
    });
    const whole = ({ load, answer }: ColdStart) => load + answer;
    report.figures(`Cold start of http on one core, ${starts} processes`, [
      figure('load-and-first-answer.p50', of(whole, 0.5), START_MS),
      figure('load-and-first-answer.max', of(whole, 1)),
      figure(
        'load.p50',
        of(({ load }) => load, 0.5),
      ),
      figure(
        'first-answer.p50',
        of(({ answer }) => answer, 0.5),
      ),
      figure(
        'node-itself.p50',
        of(({ node }) => node, 0.5),
      ),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

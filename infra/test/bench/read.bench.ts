/** `npm run bench read`: how long the pages of a run and of the list of runs take over HTTP; asserts nothing. */
import type { Prepared } from '../../setup/prepare.mjs';
import { resolve } from '../training.ts';
import { type MadeRun, makeRun, metricsAt, sampleAt, succeeded } from './made-run.ts';
import { readOptions } from './options.ts';
import { median, quantile } from './quantiles.ts';
import { createReporter, type Figure } from './report.ts';
import { type Bench, withStack } from './with-stack.ts';

const RUN_P50_MS = 30;
/** Runs on the page of the list. */
const LISTED = 20;
/** Rows between two sheets. */
const ROWS_A_SHEET = 10;

const SUMMARY =
  'id name phase step kimg progress createdAt startedAt endedAt reason { code message } summary { name step value nonFinite at }';
const SHEETS =
  'edges { cursor node { id set step kimg at url expiresAt sha256 width height columns rows } } pageInfo { hasNextPage endCursor }';
const NEWEST = `query ($id: ID!) { run(id: $id) { ${SUMMARY} head samples(first: 50) { ${SHEETS} } } }`;
const OLDEST = `query ($id: ID!) { run(id: $id) { ${SUMMARY} head samples(first: 50, order: OLDEST_FIRST) { ${SHEETS} } } }`;
const LIST = `{ runs(first: ${LISTED}) { edges { cursor node { ${SUMMARY} } } pageInfo { hasNextPage endCursor } } }`;

export async function main(argv: readonly string[], { storeKind }: Prepared): Promise<void> {
  const { json, rows, requests } = readOptions(argv, { rows: 2000, requests: 300 });
  const report = createReporter({ json });
  await withStack(['digits'], async (bench) => {
    report.note(`a run of ${rows} rows and ${Math.floor(rows / ROWS_A_SHEET)} sheets, and ${LISTED - 1} small ones …`);
    const run = await fill(bench, rows);
    const { stack } = bench;
    const id = run.id;
    const newest = () => stack.graphql<Page>(NEWEST, { id }).then(expectSheets(rows));
    const oldest = () => stack.graphql<Page>(OLDEST, { id }).then(expectSheets(rows));
    const list = () => stack.graphql(LIST);

    report.note(`${requests} requests of each kind, one after the other …`);
    // The first of each kind, before anything of the run is in the gateway's memory.
    const first = { run: await time(newest), oldest: await time(oldest), runs: await time(list) };
    const quiet = await repeat(requests, newest);
    const back = await repeat(requests, oldest);
    const listed = await repeat(requests, list);
    const growing: number[] = [];
    for (let i = 1; i <= requests; i++) {
      await run.append([metricsAt(rows + i)]);
      growing.push(await time(newest));
    }
    const title = `Reading over HTTP, storage: ${storeKind}`;
    report.figures(title, [
      { name: 'read.run.first', value: first.run, unit: 'ms', target: null },
      ...spread('read.run', quiet, RUN_P50_MS),
      { name: 'read.run-from-the-oldest-sheet.first', value: first.oldest, unit: 'ms', target: null },
      ...spread('read.run-from-the-oldest-sheet', back, RUN_P50_MS),
      ...spread('read.run-while-it-grows', growing, RUN_P50_MS),
      { name: 'read.runs.first', value: first.runs, unit: 'ms', target: null },
      ...spread('read.runs', listed, null),
    ]);
    await run.append([succeeded()]);
  });
}

/** Writes one run as a trainer would, a segment an event, and others that have ended. */
async function fill({ stack, store }: Bench, rows: number): Promise<MadeRun> {
  const { viewer } = await stack.graphql<{ viewer: { projects: { id: string }[] } }>('{ viewer { projects { id } } }');
  const project = viewer.projects[0]?.id ?? '';
  const spec = await resolve(stack, { preset: 'article-dcgan', dataset: 'digits' });
  for (let i = 1; i < LISTED; i++) {
    const small = await makeRun(store, project, spec);
    await small.append(Array.from({ length: 50 }, (_, at) => metricsAt(at + 1)));
    await small.append([succeeded()]);
    await small.saveHead();
  }
  const run = await makeRun(store, project, spec);
  for (let step = 1; step <= rows; step++) {
    await run.append([metricsAt(step)]);
    if (step % ROWS_A_SHEET === 0) await run.append([sampleAt(run.id, step)]);
  }
  await run.saveHead();
  return run;
}

interface Page {
  readonly run: { readonly summary: readonly unknown[]; readonly samples: { readonly edges: readonly unknown[] } };
}

/** A quick answer that holds less than was asked for would be no figure. */
const expectSheets =
  (rows: number) =>
  ({ run }: Page): void => {
    const expected = Math.min(50, Math.floor(rows / ROWS_A_SHEET));
    if (run.samples.edges.length === expected && run.summary.length > 0) return;
    throw new Error(`The page has ${run.samples.edges.length} sheets instead of ${expected}.`);
  };

async function repeat(count: number, request: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await time(request));
  return times;
}

/** Milliseconds from the sending of a request to its whole answer, parsed. */
async function time(request: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await request();
  return performance.now() - from;
}

const spread = (name: string, times: readonly number[], target: number | null): Figure[] => [
  { name: `${name}.p50`, value: median(times), unit: 'ms', target },
  { name: `${name}.p95`, value: quantile(times, 0.95), unit: 'ms', target: null },
];

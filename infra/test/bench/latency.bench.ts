/**
 * `npm run bench latency`: how soon a subscriber sees what happens, from the launch to the first metric and from an
 * append to its receipt; asserts nothing.
 */
import type { Prepared } from '../../setup/prepare.mjs';
import { resolve, type Training } from '../training.ts';
import { timeAppends } from './append-latency.ts';
import { type LaunchTimes, STAGES, timeLaunch } from './launch-latency.ts';
import { makeRun, succeeded } from './made-run.ts';
import { readOptions } from './options.ts';
import { median, quantile } from './quantiles.ts';
import { createReporter, type Figure, type Reporter } from './report.ts';
import { type Bench, withStack } from './with-stack.ts';

const FIRST_METRIC_S = 5;
const APPEND_P95_S = 1;
/** Rows a second: as a trainer writes at most, and well beyond. */
const PACES = [4, 20];

/** The default training, whose first row comes after 50 steps, and a short one, whose first row comes after one. */
const TRAININGS: Readonly<Record<string, Training>> = {
  default: { preset: 'article-dcgan', dataset: 'digits' },
  short: { preset: 'article-dcgan', dataset: 'digits', kimg: 2 },
};

export async function main(argv: readonly string[], { storeKind }: Prepared): Promise<void> {
  const { json, runs, seconds } = readOptions(argv, { runs: 10, seconds: 30 });
  const report = createReporter({ json });
  await withStack(['digits'], async (bench) => {
    for (const [name, training] of Object.entries(TRAININGS)) await launches(bench, report, { name, training, runs });
    await appends(bench, report, { seconds, storeKind });
  });
}

async function launches(
  bench: Bench,
  report: Reporter,
  { name, training, runs }: { readonly name: string; readonly training: Training; readonly runs: number },
): Promise<void> {
  report.note(`${runs} launches of the ${name} training, after one to warm up …`);
  await timeLaunch(bench, training);
  const times: LaunchTimes[] = [];
  for (let i = 0; i < runs; i++) times.push(await timeLaunch(bench, training));
  const totals = times.map(({ total }) => total / 1000);
  const figure = (which: string, value: number): Figure => ({
    name: `latency.launch.${name}.${which}`,
    value,
    unit: 's',
    target: FIRST_METRIC_S,
  });
  report.figures(`Launch → first metric at a subscriber, warm, ${name} training`, [
    figure('p50', median(totals)),
    figure('max', quantile(totals, 1)),
  ]);
  const stages = STAGES.map((stage, index) => ({
    name: `latency.launch.${name}.stage: ${stage}`,
    value: median(times.map((time) => time.stages[index] ?? Number.NaN)),
    unit: 'ms',
    target: null,
  }));
  report.figures('Where the time goes (medians)', stages);
}

async function appends(
  bench: Bench,
  report: Reporter,
  { seconds, storeKind }: { readonly seconds: number; readonly storeKind: string },
): Promise<void> {
  const { viewer } = await bench.stack.graphql<{ viewer: { projects: { id: string }[] } }>(
    '{ viewer { projects { id } } }',
  );
  const run = await makeRun(
    bench.store,
    viewer.projects[0]?.id ?? '',
    await resolve(bench.stack, TRAININGS.default ?? {}),
  );
  let first = 1;
  for (const perSecond of PACES) {
    const count = Math.ceil(seconds * perSecond);
    report.note(`${count} appends, ${perSecond} a second …`);
    const { received, written } = await timeAppends(bench, run, { first, count, perSecond });
    first += count;
    const figure = (which: string, value: number, target: number | null = null): Figure => ({
      name: `latency.append.${perSecond}.${which}`,
      value: value / 1000,
      unit: 's',
      target,
    });
    report.figures(`Append → subscriber, ${perSecond} a second, storage: ${storeKind}`, [
      figure('p50', median(received)),
      figure('p95', quantile(received, 0.95), APPEND_P95_S),
      figure('max', quantile(received, 1)),
      figure('storage-alone.p50', median(written)),
    ]);
  }
  await run.append([succeeded()]);
}

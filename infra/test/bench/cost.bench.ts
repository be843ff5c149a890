/**
 * `npm run bench cost`: what an hour of a run and an hour of a subscriber ask of S3, Lambda and API Gateway, counted over a
 * real training of the local stack and priced; asserts nothing.
 *
 * Counted are a while without a subscriber, one with the first and one with several. A training is not equally fast in
 * all of them: so what is counted is taken by the segments of the journal that were written meanwhile, and an hour has as
 * many of them as it would have had at the pace of the first while. What is called by a clock is taken by its calls, and
 * charged for as often as the deployment calls it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchAndWatch, stopRun } from '../training.ts';
import { watchRun } from '../watch-run.ts';
import { between, type Counts, type Invocations } from './meter.ts';
import { readOptions } from './options.ts';
import { billOf, lambdaSeconds, PRICES_OF, s3Requests, sum } from './prices.ts';
import { createReporter } from './report.ts';
import { withStack } from './with-stack.ts';

const METERED_STACK = fileURLToPath(new URL('metered-stack.ts', import.meta.url));
/** Calls an hour of what a schedule calls in the deployment. */
const SCHEDULED = { reconcile: 60, catchUp: 60 } as const;
const SUBSCRIBERS = [0, 1, 100, 1000];

export async function main(argv: readonly string[]): Promise<void> {
  const { json, seconds, subscribers } = readOptions(argv, { seconds: 60, subscribers: 20 });
  const report = createReporter({ json });
  const folder = mkdtempSync(join(tmpdir(), 'ganway-meter-'));
  const file = join(folder, 'counts.json');
  const read = (): Counts => JSON.parse(readFileSync(file, 'utf8'));
  const program = ['--import', 'tsx', METERED_STACK];
  try {
    await withStack(
      ['digits'],
      async ({ stack }) => {
        const { runId, watcher } = await launchAndWatch(stack, { preset: 'article-dcgan', dataset: 'digits' });
        await watcher.until(({ __typename }) => __typename === 'MetricsLogged');
        await watcher.close();
        const window = async (watching: number): Promise<Counts> => {
          report.note(`${seconds} s of a training with ${watching} subscribers …`);
          const watchers = Array.from({ length: watching }, () => watchRun(stack.ready.graphql, runId));
          await Promise.all(watchers.map(({ until }) => until(({ step }) => step !== undefined)));
          // The replay of the past is over by then.
          await setTimeout(2000);
          const before = read();
          await setTimeout(seconds * 1000);
          const counted = between(before, read());
          await Promise.all(watchers.map(({ close }) => close()));
          return counted;
        };
        const windows = [await window(0), await window(1), await window(subscribers)];
        await stopRun(stack, runId);
        const pace = (segmentsOf(windows[0]) * 3600) / seconds;
        const [none, one, several] = windows.map((counted) => perHour(counted, pace)) as [Counts, Counts, Counts];
        const further = scaled(more(one, several), 1 / (subscribers - 1));
        const parts: readonly (readonly [name: string, counts: Counts, minutes: number])[] = [
          ['run', none, 0],
          ['first-subscriber', more(none, one), 60],
          ['further-subscriber', further, 60],
        ];
        for (const [name, counts, minutes] of parts) {
          const { write, read: reads } = s3Requests(counts);
          const figure = (which: string, value: number, unit: string) => ({
            ...{ name: `cost.${name}-hour.${which}`, value, unit, target: null },
          });
          report.figures(`An hour of a ${name.replace('-', ' ')}`, [
            figure('s3-writes-and-lists', write, ''),
            figure('s3-reads', reads, ''),
            figure('lambda', lambdaSeconds(counts), 's'),
            figure('messages', counts.messages.in + counts.messages.out, ''),
            figure('price', sum(billOf(counts, minutes)), '$'),
          ]);
        }
        const [run = 0, first = 0, each = 0] = parts.map(([, counts, minutes]) => sum(billOf(counts, minutes)));
        report.figures(
          `An hour of one run and its subscribers, beside the machine that trains (prices of ${PRICES_OF})`,
          SUBSCRIBERS.map((count) => ({
            name: `cost.${count}-subscribers`,
            value: run + (count > 0 ? first + (count - 1) * each : 0),
            unit: '$/h',
            target: null,
          })),
        );
      },
      { program, env: { GANWAY_METER: file } },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Segments of journals that were written: each is a hint. */
const segmentsOf = (counts: Counts | undefined): number => counts?.functions.deliver.invocations ?? 0;

/** What an hour comes to in which so many segments are written. */
function perHour(counts: Counts, segments: number): Counts {
  const hour = scaled(counts, segments / segmentsOf(counts));
  const { reconcile, catchUp } = counts.functions;
  const called = (each: Invocations, calls: number) =>
    scaled(each, each.invocations > 0 ? calls / each.invocations : 0);
  return {
    ...hour,
    functions: {
      ...hour.functions,
      reconcile: called(reconcile, SCHEDULED.reconcile),
      catchUp: called(catchUp, SCHEDULED.catchUp),
    },
  };
}

/** What one has more than the other; where that is less it is noise. */
const more = (less: Counts, counts: Counts): Counts => mapped(between(less, counts), (value) => Math.max(0, value));

const scaled = <T extends object>(counts: T, factor: number): T => mapped(counts, (value) => value * factor);

function mapped<T extends object>(counts: T, change: (value: number) => number): T {
  return Object.fromEntries(
    Object.entries(counts).map(([name, value]) => [
      name,
      typeof value === 'number' ? change(value) : mapped(value as object, change),
    ]),
  ) as T;
}

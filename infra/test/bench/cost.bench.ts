/**
 * `npm run bench cost`: what an hour of a run and an hour of a subscriber ask of S3, Lambda and API Gateway, counted over a
 * real training of the local stack and priced; asserts nothing.
 *
 * Counted are a while without a subscriber, one with the first and one with several. What is called by a clock is taken by
 * its calls, and charged for as often as the deployment calls it; everything else is taken by the time.
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
  const { json, seconds, subscribers } = readOptions(argv, { seconds: 60, subscribers: 5 });
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
          return perHour(counted, seconds);
        };
        const [none, one, several] = [await window(0), await window(1), await window(subscribers)];
        await stopRun(stack, runId);
        const further = scaled(between(one, several), 1 / (subscribers - 1));
        const parts: readonly (readonly [name: string, counts: Counts, minutes: number])[] = [
          ['run', none, 0],
          ['first-subscriber', between(none, one), 60],
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

/** What an hour comes to. */
function perHour(counts: Counts, seconds: number): Counts {
  const hour = scaled(counts, 3600 / seconds);
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

function scaled<T extends object>(counts: T, factor: number): T {
  return Object.fromEntries(
    Object.entries(counts).map(([name, value]) => [
      name,
      typeof value === 'number' ? value * factor : scaled(value, factor),
    ]),
  ) as T;
}

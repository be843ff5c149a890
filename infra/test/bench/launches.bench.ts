/** `npm run bench launches`: how long a mutation takes when many launches come at once, of jobs that only sleep; asserts nothing. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sendLaunch } from '../training.ts';
import { readOptions } from './options.ts';
import { median, quantile } from './quantiles.ts';
import { createReporter } from './report.ts';
import { withStack } from './with-stack.ts';

const LAUNCH_P95_MS = 500;
const SLEEPING_STACK = fileURLToPath(new URL('sleeping-stack.ts', import.meta.url));

export async function main(argv: readonly string[]): Promise<void> {
  const { json, launches, rounds } = readOptions(argv, { launches: 100, rounds: 3 });
  const report = createReporter({ json });
  const program = ['--import', 'tsx', SLEEPING_STACK];
  const env = { GANWAY_MAX_OPEN_RUNS: String(launches * rounds + 100) };
  await withStack(
    ['digits'],
    async ({ stack }) => {
      const training = { preset: 'article-dcgan', dataset: 'digits' };
      const launch = async (): Promise<number> => {
        const from = performance.now();
        const { __typename, message } = await sendLaunch(stack, training, randomUUID());
        if (__typename !== 'LaunchTrainingSuccess') throw new Error(`A launch was refused: ${message}`);
        return performance.now() - from;
      };
      for (let warmUp = 0; warmUp < 5; warmUp++) await launch();
      const alone = await launch();
      const times: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        report.note(`${launches} launches at once, round ${round} of ${rounds} …`);
        times.push(...(await Promise.all(Array.from({ length: launches }, launch))));
      }
      const figure = (which: string, value: number, target: number | null = null) => ({
        ...{ name: `launches.${launches}.${which}`, value, unit: 'ms', target },
      });
      report.figures(`${launches} launches at once: the mutation, until it is answered`, [
        figure('p50', median(times)),
        figure('p95', quantile(times, 0.95), LAUNCH_P95_MS),
        figure('max', quantile(times, 1)),
        figure('one-alone', alone),
      ]);
    },
    { program, env },
  );
}

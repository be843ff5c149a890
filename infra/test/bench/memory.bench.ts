/** `npm run bench memory`: how much memory a trainer takes at its peak, and whether it stays there; asserts nothing. */
import { readFileSync } from 'node:fs';
import type { Prepared } from '../../setup/prepare.mjs';
import { trainToEnd } from '../training.ts';
import { trainingOf } from './five-minutes.ts';
import { readOptions } from './options.ts';
import { median } from './quantiles.ts';
import { createReporter } from './report.ts';
import { rowsOf } from './speed.ts';
import { type Bench, untilIdle, withStack } from './with-stack.ts';

/** 2 GB. */
const PEAK_MIB = 2e9 / 2 ** 20;
/** More than that from the first to the last quarter is not flat. */
const GROWTH_PERCENT = 2;
/** Share of the rows that belong to the warm-up: allocators and the heap find their size in the first minute. */
const WARM_UP = 0.25;
const LOOK_MS = 250;

export async function main(argv: readonly string[], { storeKind }: Prepared): Promise<void> {
  const { json, seconds, dataset } = readOptions(argv, { seconds: 300, dataset: 'emoji' });
  const report = createReporter({ json });
  await withStack([dataset], async (bench) => {
    const spec = await trainingOf(bench.stack, dataset, seconds);
    await untilIdle(bench);
    report.note(`${spec.steps} steps, about ${seconds} s …`);
    const peaks = watchPeaks(bench, { trainer: 'batch/trainer/main', supervisor: 'batch/main' });
    const { seed, batchSize, kimg, preset } = spec;
    const rows = rowsOf(await trainToEnd(bench.stack, { preset, dataset, seed, batchSize, kimg }));
    const { trainer, supervisor } = peaks();
    const { width, height, channels } = spec.dataset;
    const warm = rows.slice(Math.floor(rows.length * WARM_UP)).map(({ memory }) => memory);
    const quarter = Math.ceil(warm.length / 4);
    const [first, last] = [median(warm.slice(0, quarter)), median(warm.slice(-quarter))];
    const name = `memory.${dataset}`;
    report.figures(
      `Memory of ${preset} on ${dataset} (${width}×${height}×${channels}), batch ${batchSize}, storage: ${storeKind}`,
      [
        { name: `${name}.trainer.peak`, value: trainer, unit: 'MiB', target: Math.floor(PEAK_MIB) },
        { name: `${name}.trainer.growth`, value: 100 * (last / first - 1), unit: '%', target: GROWTH_PERCENT },
        { name: `${name}.trainer.first-quarter`, value: first, unit: 'MiB', target: null },
        { name: `${name}.trainer.last-quarter`, value: last, unit: 'MiB', target: null },
        { name: `${name}.supervisor.peak`, value: supervisor, unit: 'MiB', target: null },
      ],
    );
  });
}

/** Watches the peaks of processes by a text in their command lines. The function returned ends it and says them, MiB. */
function watchPeaks<K extends string>({ stack }: Bench, texts: Readonly<Record<K, string>>): () => Record<K, number> {
  const peaks = new Map<string, number>();
  const look = (): void => {
    for (const [name, text] of Object.entries<string>(texts)) {
      for (const pid of stack.pidsOf(text)) peaks.set(name, Math.max(peaks.get(name) ?? 0, peakOf(pid)));
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    return Object.fromEntries(Object.keys(texts).map((name) => [name, peaks.get(name) ?? Number.NaN])) as Record<
      K,
      number
    >;
  };
}

/** The most memory a process ever had resident, MiB, as its kernel counted; 0 where it is gone. */
function peakOf(pid: number): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}

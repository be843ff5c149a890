/** What `npm run bench:step` says: tables for people, or a line of JSON for each workload and contender; measures nothing. */
import { cpus, loadavg } from 'node:os';
import { instructionSet } from '../../../../batch/engine/executors/numerics.ts';
import type { Workload } from '../../peers/workload.ts';
import type { ProfileRow } from './profile.ts';
import type { Row, Verdict } from './summary.ts';

export interface Report {
  /** To a person who waits. */
  note(text: string): void;
  refused(workload: string, contender: string, why: string): void;
  /** Verdicts are for people: they follow from the rows. */
  compared(workload: Workload, rows: readonly Row[], verdicts: readonly Verdict[]): void;
  /** Kernels of a step of `milliseconds`, by operation and by layer. */
  profiled(
    workload: string,
    milliseconds: number,
    byOperation: readonly ProfileRow[],
    byLayer: readonly ProfileRow[],
  ): void;
  /** Milliseconds by stage of the first steps of a preset. */
  started(preset: string, stages: Readonly<Record<string, number>>): void;
}

export function createReport({ json, threads }: { readonly json: boolean; readonly threads: number }): Report {
  const processor = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  // What others do to this machine shows before the benchmark's own work does.
  const before = loadavg().map(round);
  const machine = () => ({
    processor,
    instructionSet: instructionSet(),
    threads,
    load: { before, now: loadavg().map(round) },
  });
  const line = (fields: object) => process.stdout.write(`${JSON.stringify({ ...fields, ...machine() })}\n`);
  const print = (text: string) => process.stdout.write(`${text}\n`);
  if (!json) {
    const { instructionSet, load } = machine();
    print(`${processor}, ${threads} threads; ${instructionSet}; load average ${load.before.join(' ')}`);
  }
  return {
    note: (text) => process.stderr.write(`bench: ${text}\n`),
    refused(workload, contender, why) {
      if (json) line({ workload, contender, refused: why });
      else print(`\n${workload}: ${contender} is not timed: ${why}`);
    },
    compared({ name, batch }, rows, verdicts) {
      if (json) {
        for (const { contender, ...figures } of rows) {
          const rounded = Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, round(value)]));
          line({ workload: name, contender, ...rounded });
        }
        return;
      }
      print(`\n${name}, batch ${batch}`);
      print(columns(['contender', 'ms', 'images/s', 'peak MB', 'own MB', 'ratio', '90 % interval']));
      for (const { contender, p50Ms, imagesPerSecond, peakRssMb, ownMb, ratio, low, high } of rows) {
        const interval = `${low.toFixed(2)} to ${high.toFixed(2)}`;
        print(
          columns([
            contender,
            p50Ms.toFixed(1),
            imagesPerSecond.toFixed(0),
            peakRssMb.toFixed(0),
            ownMb.toFixed(0),
            ratio.toFixed(2),
            interval,
          ]),
        );
      }
      for (const { wanted, reached, ok } of verdicts) print(`  ganway: ${wanted}: ${reached}${ok ? '' : ' MISSED'}`);
      print(`load average ${machine().load.now.join(' ')}`);
    },
    profiled(workload, milliseconds, byOperation, byLayer) {
      if (json) {
        const rows = [
          ...byOperation.map((row) => ({ by: 'op', ...row })),
          ...byLayer.map((row) => ({ by: 'layer', ...row })),
        ];
        for (const { count, ms, share, gflops, ...row } of rows) {
          const figures = { count: round(count), ms: round(ms), share: round(share), gflops: round(gflops) };
          line({ profile: workload, stepMs: round(milliseconds), ...row, ...figures });
        }
        return;
      }
      print(`\n${workload}: kernels of one step of ${milliseconds.toFixed(1)} ms, traced`);
      for (const rows of [byOperation, byLayer.filter(({ share }) => share >= SHOWN)]) {
        print(columns(['operation', 'kernels', 'ms', 'share', 'GFLOP/s'], 36));
        for (const { op, layer, shape, count, ms, share, gflops } of rows) {
          const figures = [count.toFixed(0), ms.toFixed(2), `${(100 * share).toFixed(1)} %`, gflops.toFixed(1)];
          print(`${columns([op, ...figures], 36)}${layer && `  ${layer} ${shape}`}`);
        }
      }
    },
    started(preset, stages) {
      if (json) line({ workload: `start ${preset}`, contender: 'ganway', ...stages });
      else
        print(
          `\n${preset}: ${Object.entries(stages)
            .map(([name, ms]) => `${name} ${ms}`)
            .join(', ')}`,
        );
    },
  };
}

/** Rows by layer below this share of the time are for `--json` alone. */
const SHOWN = 0.005;

const columns = ([name = '', ...figures]: readonly string[], width = 22): string =>
  `  ${name.padEnd(width)}${figures.map((figure) => figure.padStart(15)).join('')}`;

/** Four significant digits are more than any of this repeats to. */
const round = (value: number): number => Number(value.toPrecision(4));

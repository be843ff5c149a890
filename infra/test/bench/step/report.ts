/** What `npm run bench:step` says: tables for people, or a line of JSON for each workload and contender; measures nothing. */
import { cpus, loadavg } from 'node:os';
import { instructionSet } from '../../../../batch/engine/executors/numerics.ts';
import type { Workload } from '../../peers/workload.ts';
import type { Row, Verdict } from './summary.ts';

export interface Report {
  /** To a person who waits. */
  note(text: string): void;
  refused(workload: string, contender: string, why: string): void;
  /** Verdicts are for people: they follow from the rows. */
  compared(workload: Workload, rows: readonly Row[], verdicts: readonly Verdict[]): void;
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
      print(columns(['contender', 'ms', 'images/s', 'peak MB', 'ratio', '90 % interval']));
      for (const { contender, p50Ms, imagesPerSecond, peakRssMb, ratio, low, high } of rows) {
        const interval = `${low.toFixed(2)} to ${high.toFixed(2)}`;
        print(
          columns([
            contender,
            p50Ms.toFixed(1),
            imagesPerSecond.toFixed(0),
            peakRssMb.toFixed(0),
            ratio.toFixed(2),
            interval,
          ]),
        );
      }
      for (const { wanted, reached, ok } of verdicts) print(`  ganway: ${wanted}: ${reached}${ok ? '' : ' MISSED'}`);
      print(`load average ${machine().load.now.join(' ')}`);
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

const columns = ([name = '', ...figures]: readonly string[]): string =>
  `  ${name.padEnd(22)}${figures.map((figure) => figure.padStart(15)).join('')}`;

/** Four significant digits are more than any of this repeats to. */
const round = (value: number): number => Number(value.toPrecision(4));

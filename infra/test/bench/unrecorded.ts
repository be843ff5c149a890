/** Runs a training beside the stack with nothing recorded, in the environment a supervisor gives its trainer; knows no targets. */
import { fileURLToPath } from 'node:url';
import { trainerEnvironment } from '../../../batch/protocol/environment.ts';
import { prepareWork } from '../../../batch/supervisor/prepare.ts';
import { startTrainer } from '../../../batch/supervisor/trainer-process.ts';
import type { JsonNumber } from '../../../graph/run/numbers.ts';
import type { TrainSpec } from '../../../graph/spec/spec.ts';
import type { Prepared } from '../../setup/prepare.mjs';
import { specFileOf } from '../training.ts';
import type { RateRow } from './speed.ts';
import type { Bench } from './with-stack.ts';

const ENTRY = fileURLToPath(new URL('../../../batch/trainer/bench/unrecorded.ts', import.meta.url));

/** Trains to the end in `work`, an empty folder, and resolves to the rows that a recorder would have been given. */
export async function trainUnrecorded(
  { store }: Bench,
  { cacheDir, nativeDir }: Prepared,
  spec: TrainSpec,
  work: string,
): Promise<RateRow[]> {
  const file = specFileOf('bench', spec);
  const start = { v: 1, attempt: 1, resumeFrom: null } as const;
  const patience = { giveUp: AbortSignal.timeout(60_000), say: () => {} };
  await prepareWork({ store, cacheDir, work, file, start }, patience);
  const lines: string[] = [];
  const { ended } = startTrainer(
    { command: process.execPath, args: ['--import', import.meta.resolve('tsx'), ENTRY, work, nativeDir ?? ''] },
    {
      env: { ...inherited(), ...trainerEnvironment(spec.resources) },
      onHint: () => {},
      onLine: (line) => lines.push(line),
    },
  );
  const { code, signal } = await ended;
  if (code !== 0)
    throw new Error(`The unrecorded training ended with ${code ?? signal}:\n${lines.slice(-20).join('\n')}`);
  return lines.flatMap(rowIn);
}

/** Libraries print lines of their own. */
function rowIn(line: string): RateRow[] {
  if (!line.startsWith('{"step"')) return [];
  const { step, at, values } = JSON.parse(line) as { step: number; at: string; values: Record<string, JsonNumber> };
  return [
    {
      step,
      at: Date.parse(at),
      imagesPerSecond: Number(values['rate/images_per_second']),
      memory: Number(values['rate/memory_mb']),
    },
  ];
}

/** As a supervisor passes it on. */
function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(GANWAY|AWS|TF|npm)_/.test(name) ? [] : [[name, value]],
    ),
  );
}

/** What a figure of a GPU depends on beside the program: device, driver, clocks, versions; measures nothing. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release } from 'node:os';
import { instructionSet } from '../../../../batch/engine/executors/numerics.ts';
import { checkout } from '../../../setup/cache.mjs';
import { CUDA_WHEELS, TENSORFLOW_VERSION } from '../../../setup/wheels.mjs';

/** Fields of `nvidia-smi --help-query-gpu`, under the names that lines of JSON have. */
const FIELDS = {
  gpu: 'name',
  driver: 'driver_version',
  memory: 'memory.total',
  clockSm: 'clocks.sm',
  clockSmMax: 'clocks.max.sm',
  clockMemory: 'clocks.mem',
  power: 'power.draw',
  powerLimit: 'power.limit',
  temperature: 'temperature.gpu',
} as const;

/** Answers of the device now; null without one. With several, those of the first that trainings see. */
export function deviceNow(): Readonly<Record<keyof typeof FIELDS, string>> | null {
  const [first = '0'] = (process.env.CUDA_VISIBLE_DEVICES ?? '0').split(',');
  const query = `--query-gpu=${Object.values(FIELDS).join()}`;
  const text = said('nvidia-smi', [query, '--format=csv,noheader', `--id=${first}`]);
  const values = text.split('\n')[0]?.split(', ') ?? [];
  if (values.length !== Object.keys(FIELDS).length) return null;
  return Object.fromEntries(Object.keys(FIELDS).map((name, index) => [name, values[index]])) as ReturnType<
    typeof deviceNow
  >;
}

/** All that `nvidia-smi` knows, for the log. */
export const wholeDevice = (): string => said('nvidia-smi', ['-q']);

/** What stays the same during a benchmark. */
export function machineFacts() {
  return {
    commit: said('git', ['-C', checkout, 'rev-parse', 'HEAD']).trim(),
    /** Files that differ from it. */
    changed: said('git', ['-C', checkout, 'status', '--porcelain', '--untracked-files=no'])
      .trim()
      .split('\n')
      .filter(Boolean),
    node: process.version,
    kernel: release(),
    processor: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    instructionSet: instructionSet(),
    load: loadavg(),
    tensorflow: TENSORFLOW_VERSION,
    cuda: CUDA_WHEELS.map(({ filename }) => filename),
  };
}

/** What a program prints; nothing where there is none or it fails. */
function said(program: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(program, [...args], { encoding: 'utf8', maxBuffer: 1e8 });
  return status === 0 ? stdout : '';
}

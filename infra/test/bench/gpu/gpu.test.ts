/** The benchmark of GPUs, end to end on a processor at toy sizes, and how it counts digits. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { using } from '../../../../batch/engine/testing/differences.ts';
import { open } from '../../../../batch/engine/testing/native.ts';
import { cacheFolder, checkout } from '../../../setup/cache.mjs';
import { hasGpu } from '../../../setup/gpu.mjs';
import { prepareTorch } from '../../../setup/peers.mjs';
import { createProgress } from '../../../setup/progress.mjs';
import { temporaryFolder } from '../../temporary-folder.ts';
import { digitsOf, probeProgram } from './probe.ts';

const bench = (...argv: string[]) =>
  spawnSync(process.execPath, [join(checkout, 'infra/setup/bench-gpu.mjs'), ...argv], { encoding: 'utf8' });

test('digits are counted as products have them', () => {
  const digits = (precision: 'FP32' | 'BF16') => using(open(probeProgram(), { precision }), digitsOf);
  expect(digits('FP32')).toEqual({ matMul: 24, conv2d: 24 });
  expect(digits('BF16')).toEqual({ matMul: 8, conv2d: 8 });
});

test.runIf(!hasGpu())('without a GPU it says so in one sentence', () => {
  const { status, stderr, stdout } = bench();
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^ganway: This machine shows no NVIDIA GPU, .*\.\n$/);
});

describe('on a processor', () => {
  const log = join(temporaryFolder(), 'bench.log');
  let rows: Record<string, unknown>[] = [];
  let text = '';
  beforeAll(async () => {
    const progress = createProgress();
    await prepareTorch({ cache: cacheFolder(), progress });
    progress.close();
    const { status, stdout, stderr } = bench(
      ...['--device', 'cpu', '--json', '--rounds', '1', '--seconds', '0.1', '--log', log],
    );
    expect(status, stderr).toBe(0);
    rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    text = readFileSync(log, 'utf8');
  }, 1_800_000);

  test('each contender makes the same step in each precision, and is timed', () => {
    expect(rows.map(({ contender, precision, xla }) => [contender, precision, xla])).toEqual([
      ...[
        ['ganway', 'FP32', false],
        ['ganway', 'FP32', true],
        ['torch-eager', 'FP32', false],
      ],
      ...[
        ['ganway', 'BF16', false],
        ['ganway', 'BF16', true],
        ['torch-eager', 'BF16', false],
      ],
    ]);
    for (const row of rows) {
      expect(row).not.toHaveProperty('refused');
      expect(row).toMatchObject({ workload: 'toy-r1', device: 'cpu', baseline: `torch-eager ${row.precision}` });
      for (const figure of ['p50Ms', 'imagesPerSecond', 'peakRssMb', 'ratio', 'low', 'high']) {
        expect(row[figure], figure).toBeGreaterThan(0);
      }
    }
  });

  test('the log holds what the figures rest on', () => {
    const lines = (kind: string) =>
      text.split('\n').flatMap((line) => {
        const found = new RegExp(`^\\S+Z ${kind} (\\{.*)$`).exec(line)?.[1];
        return found === undefined ? [] : [JSON.parse(found) as Record<string, unknown>];
      });
    const [begin] = lines('begin');
    expect(begin).toMatchObject({
      device: 'cpu',
      rounds: 1,
      machine: { commit: expect.stringMatching(/^([0-9a-f]{40})?$/), tensorflow: expect.stringMatching(/^\d/) },
    });
    expect(lines('result')).toEqual(rows);
    // A round of six contenders, with every step.
    expect(lines('timing').map(({ times }) => (times as number[]).length > 0)).toEqual(Array(6).fill(true));
    expect(lines('probe').map(({ matMul, conv2d }) => [matMul, conv2d])).toEqual([
      ...[24, 24, 8, 8].map((digits) => [digits, digits]),
    ]);
  });
});

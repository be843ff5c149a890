/** Times training steps of the article's DCGAN at two sizes; asserts nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainSpec } from '../../../graph/spec/spec.ts';
import { trainFeeds } from '../../models/feeds.ts';
import { buildTrainingProgram } from '../../models/program.ts';
import { openSession } from '../executors/open.ts';
import { countFlops } from '../program/count.ts';
import { estimateMemory } from '../program/memory.ts';
import { articleModel } from '../testing/article.ts';
import { nativeDir } from '../testing/native.ts';

const IMAGES = 1000;
const adam = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };

function article(side: number, channels: 1 | 3): TrainSpec {
  return {
    v: 1,
    task: 'TRAIN',
    preset: 'article-dcgan',
    dataset: { id: '-', digest: '', name: '-', images: IMAGES, width: side, height: side, channels, classes: [] },
    startFrom: null,
    seed: 1,
    kimg: 1,
    batchSize: 32,
    microBatches: 1,
    steps: 32,
    model: articleModel,
    loss: { kind: 'NON_SATURATING' },
    optimizers: { generator: adam, discriminator: adam },
    snapshots: {
      tickSteps: 1,
      sampleSteps: 1,
      checkpointSteps: 1,
      sampleSeconds: 1,
      checkpointSeconds: 1,
      columns: 8,
      rows: 8,
    },
    resources: { threads: 2, gpus: 0, memoryMb: 2048 },
    limits: { maxRuntime: null },
  };
}

/** Milliseconds of `count` steps, sorted, after a warm-up. */
function timeSteps(spec: TrainSpec, count: number): { times: number[]; gflop: number; estimateMb: number } {
  const { width, height, channels } = spec.dataset;
  const folder = mkdtempSync(join(tmpdir(), 'ganway-bench-'));
  const file = join(folder, 'images.npy');
  const pixels = Uint8Array.from({ length: IMAGES * width * height * channels }, (_, at) => (at * 37) % 251);
  writeFileSync(file, pixels);
  const { program } = buildTrainingProgram(spec, { shards: [{ file, count: IMAGES }] });
  const session = openSession(program, { nativeDir, workDir: folder });
  try {
    session.call('init');
    const times: number[] = [];
    for (let step = 1; step <= count + 5; step++) {
      const indices = Int32Array.from({ length: spec.batchSize }, (_, n) => (step * spec.batchSize + n) % IMAGES);
      const from = performance.now();
      session.call('train', trainFeeds(spec, { step, salt: 0, indices }));
      if (step > 5) times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    return { times, gflop: countFlops(program, 'train') / 1e9, estimateMb: estimateMemory(program).total / 1e6 };
  } finally {
    session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints a line a size. Ratios between machines mean nothing; minima on a busy one mean most. */
export function main(steps = 60): void {
  for (const [side, channels] of [
    [28, 1],
    [64, 3],
  ] as const) {
    const { times, gflop, estimateMb } = timeSteps(article(side, channels), steps);
    const [min = 0, median = 0] = [times[0], times[times.length >> 1]];
    const rss = process.resourceUsage().maxRSS / 1024;
    console.log(
      `${side}×${side}×${channels}, batch 32: median ${median.toFixed(1)} ms, min ${min.toFixed(1)} ms, ` +
        `${((32 / median) * 1000).toFixed(0)} images/s, ${(gflop / min).toFixed(3)} TFLOP/s at best, ` +
        `peak memory ${rss.toFixed(0)} MiB so far (estimate ${estimateMb.toFixed(0)} MB)`,
    );
  }
}

if (import.meta.url === `file://${process.argv[1]}`) main(Number(process.argv[2] ?? 60));

/** Makes the first step of a preset and prints what each stage took: `tsx first-step.ts NATIVE_FOLDER PRESET H×W×C`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeNumerics } from '../../../../batch/engine/executors/numerics.ts';
import { openSession } from '../../../../batch/engine/executors/open.ts';
import { trainFeeds } from '../../../../batch/models/feeds.ts';
import { buildTrainingProgram } from '../../../../batch/models/program.ts';
import { tinyTrainSpec } from '../../../../batch/trainer/testing/specs.ts';
import { presets } from '../../../../graph/spec/presets.ts';
import type { TrainSpec } from '../../../../graph/spec/spec.ts';
import type { Stages } from './start.ts';

const IMAGES = 256;
const [nativeDir = '', id, size = ''] = process.argv.slice(2);
const [height = 0, width = 0, channels] = size.split('×').map(Number);
const preset = presets.find((each) => each.id === id);
if (!preset) throw new RangeError(`no preset ${id}`);
const tiny = tinyTrainSpec();
const spec: TrainSpec = {
  ...tiny,
  ...preset,
  dataset: { ...tiny.dataset, images: IMAGES, height, width, channels: channels === 3 ? 3 : 1 },
};
const workDir = mkdtempSync(join(tmpdir(), 'ganway-bench-'));
try {
  const file = join(workDir, 'images.npy');
  writeFileSync(file, new Uint8Array(IMAGES * height * width * spec.dataset.channels));
  let last = performance.now();
  /** Since the stage before. */
  const lap = (): number => {
    const before = last;
    last = performance.now();
    return last - before;
  };
  describeNumerics({ nativeDir, threads: 0, flags: [] });
  const libraryMs = lap();
  const { program } = buildTrainingProgram(spec, { shards: [{ file, count: IMAGES }] });
  const buildMs = lap();
  const session = openSession(program, { nativeDir, workDir });
  const loadMs = lap();
  session.call('init');
  const initMs = lap();
  const indices = Int32Array.from({ length: spec.batchSize }, (_, n) => n);
  session.call('train', trainFeeds(spec, { step: 1, salt: 0, indices }));
  const stages: Stages = { libraryMs, buildMs, loadMs, initMs, firstStepMs: lap() };
  process.stdout.write(`${JSON.stringify(stages)}\n`);
} finally {
  rmSync(workDir, { recursive: true, force: true });
}

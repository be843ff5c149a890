/** How long presets need until their first step is made: each in processes of its own, as trainers are. */
import { execFileSync } from 'node:child_process';
import { trainerEnvironment } from '../../../../batch/protocol/environment.ts';
import { presets } from '../../../../graph/spec/presets.ts';
import { median } from '../quantiles.ts';
import { bundled } from './bundled.ts';
import type { Report } from './report.ts';

const TRIES = 3;
const IMAGES = ['28×28×1', '64×64×3'];

/** Milliseconds, in the order in which a trainer spends them. */
export interface Stages {
  /** TensorFlow's library and the addon, whatever the preset. */
  readonly libraryMs: number;
  /** Of the program in TypeScript. */
  readonly buildMs: number;
  /** Of the program into TensorFlow. */
  readonly loadMs: number;
  /** Initial weights; the images of the data set. */
  readonly initMs: number;
  readonly firstStepMs: number;
}

export async function timeStarts(nativeDir: string, threads: number, report: Report): Promise<void> {
  const script = await bundled('first-step');
  const env = { ...process.env, ...trainerEnvironment({ threads, gpus: 0, memoryMb: 0 }) };
  for (const { id } of presets) {
    for (const image of IMAGES) {
      report.note(`${id} ${image}: first steps …`);
      const tries = Array.from({ length: TRIES }, (): Stages => {
        const args = [script, nativeDir, id, image];
        return JSON.parse(
          execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
        );
      });
      const stages = (Object.keys(tries[0] ?? {}) as (keyof Stages)[]).map((stage) => [
        stage,
        Math.round(median(tries.map((each) => each[stage]))),
      ]);
      report.started(`${id} ${image}`, Object.fromEntries(stages));
    }
  }
}

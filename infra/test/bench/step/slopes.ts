/** Times steps with R1 as they are against those without lowering/slopes: `npx tsx infra/test/bench/step/slopes.ts`; asserts nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../../../batch/engine/executors/open.ts';
import { PASSES } from '../../../../batch/engine/lowering/optimise.ts';
import { shareSlopes } from '../../../../batch/engine/lowering/slopes/share.ts';
import { nativeDir } from '../../../../batch/engine/testing/native.ts';
import { median } from '../quantiles.ts';
import { ownProgram } from './own-program.ts';
import { WORKLOADS } from './workloads.ts';

const STEPS = 20;
const WARM_UP = 3;

for (const workload of WORKLOADS.filter(({ regularizer }) => regularizer.kind !== 'NONE')) {
  const workDir = mkdtempSync(join(tmpdir(), 'ganway-bench-'));
  const { program, feeds } = ownProgram(workload, workDir);
  const ways = [PASSES.filter((pass) => pass !== shareSlopes), PASSES];
  const sessions = ways.map((passes) => openSession(program, { nativeDir, workDir, passes }));
  const times = sessions.map((): number[] => []);
  try {
    for (const session of sessions) session.call('init');
    for (let step = 1; step <= WARM_UP + STEPS; step++) {
      sessions.forEach((session, way) => {
        const start = performance.now();
        session.call('train', feeds(step));
        if (step > WARM_UP) times[way]?.push(performance.now() - start);
      });
    }
    const [plain = Number.NaN, shared = Number.NaN] = times.map(median);
    console.log(`${workload.name}: ${plain.toFixed(1)} ms, shared ${shared.toFixed(1)} ms`);
  } finally {
    for (const session of sessions) session.close();
    rmSync(workDir, { recursive: true, force: true });
  }
}

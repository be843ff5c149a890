/** Traces steps of a workload and prints the shares of their kernels: `node kernels.js NATIVE_FOLDER WORKLOAD STEPS`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attribute, type KernelShare } from '../../../../batch/engine/bench/attribution.ts';
import { openCapi } from '../../../../batch/engine/executors/capi/session.ts';
import type { KernelRun } from '../../../../batch/engine/executors/capi/trace.ts';
import { optimise, PASSES } from '../../../../batch/engine/lowering/optimise.ts';
import { median } from '../quantiles.ts';
import { ownProgram } from './own-program.ts';
import { WORKLOADS } from './workloads.ts';

/** One step's kernels. */
export interface Traced {
  /** Of the whole call, median, traced. */
  readonly milliseconds: number;
  readonly shares: readonly KernelShare[];
}

/** Steps in which TensorFlow rewrites the graph and finds its memory. */
const WARM_UP = 5;
const [nativeDir = '', name = '', steps = ''] = process.argv.slice(2);
const workload = WORKLOADS.find((each) => each.name === name);
if (!workload) throw new RangeError(`no workload ${name}`);
const folder = mkdtempSync(join(tmpdir(), 'ganway-bench-'));
try {
  const { program: written, feeds } = ownProgram(workload, folder);
  const program = optimise(written, PASSES);
  const calls: (readonly KernelRun[])[] = [];
  const session = openCapi(program, nativeDir, 'flat', (kernels) => calls.push(kernels));
  session.call('init');
  const times: number[] = [];
  for (let step = 1; step <= WARM_UP + Number(steps); step++) {
    const start = performance.now();
    session.call('train', feeds(step));
    times.push(performance.now() - start);
  }
  const timed = times.slice(WARM_UP);
  const traced: Traced = {
    milliseconds: median(timed),
    shares: attribute(program, 'train', calls.slice(-timed.length)),
  };
  process.stdout.write(`${JSON.stringify(traced)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

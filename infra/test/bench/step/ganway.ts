/**
 * Ganway as a contender: `node ganway.js NATIVE_FOLDER`. A mode is a precision and a layout, `BF16 xla`, or empty for those of
 * a processor. It also says where the others begin, `prepare`, and how many digits its products have, `probe`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeNumerics } from '../../../../batch/engine/executors/numerics.ts';
import { type OpenOptions, openSession } from '../../../../batch/engine/executors/open.ts';
import type { Layout } from '../../../../batch/engine/lowering/functions.ts';
import type { Session } from '../../../../batch/engine/session.ts';
import { encodeSafetensors } from '../../../../batch/trainer/safetensors.ts';
import type { Precision } from '../../../../graph/spec/spec.ts';
import { draw, drawsProgram } from '../../peers/draws.ts';
import type { Workload } from '../../peers/workload.ts';
import { type Digits, digitsOf, probeProgram } from '../gpu/probe.ts';
import { type OwnProgram, ownProgram } from './own-program.ts';
import { type Peer, serve } from './serve.ts';

const PRECISIONS: readonly Precision[] = ['FP32', 'TF32', 'BF16'];
const LAYOUTS: readonly Layout[] = ['flat', 'functions', 'xla'];

const nativeDir = process.argv[2] ?? '';
const workDir = mkdtempSync(join(tmpdir(), 'ganway-bench-'));
process.on('exit', () => rmSync(workDir, { recursive: true, force: true }));

let session: Session;
let workload: Workload;
let own: OwnProgram;
let how: OpenOptions;
let steps = 0;

const peer: Peer = {
  open(wanted, mode) {
    workload = wanted;
    how = { ...waysOf(mode), nativeDir, workDir };
    own = ownProgram(workload, workDir);
    session = openSession(own.program, how);
    session.call('init');
  },
  load: async (state, step) => {
    session.write(state);
    steps = step - 1;
  },
  state: () => session.read(),
  // What it is given it makes itself, from the same keys.
  step: (_, step) => train(step),
  randomStep: () => {
    train(++steps);
  },
};

function train(step: number): { lossD: number; lossG: number } {
  const fetched = session.call('train', own.feeds(step));
  return { lossD: fetched.lossD?.data[0] ?? Number.NaN, lossG: fetched.lossG?.data[0] ?? Number.NaN };
}

/** The steps before `step`, and then all that this one begins with. */
function prepare(step: number, path: string): object {
  while (steps < step - 1) train(++steps);
  // Laid out alike: XLA draws other numbers.
  const draws = openSession(drawsProgram(workload), how);
  const given = new Map([...session.read(), ['given/real', own.batch(step)], ...draw(draws, own.seed, step)]);
  draws.close();
  writeFileSync(path, Buffer.concat(encodeSafetensors(given)));
  return {};
}

/** What it computes with and how many digits its products have. */
function probe(): Digits & { library: string; device: string } {
  const session = openSession(probeProgram(), how);
  const digits = digitsOf(session);
  session.close();
  const { library, device } = describeNumerics({ nativeDir, threads: 0, flags: [] });
  return { ...digits, library, device };
}

function waysOf(mode: string): Pick<OpenOptions, 'precision' | 'layout'> {
  const words = mode.split(' ');
  const precision = PRECISIONS.find((each) => words.includes(each));
  const layout = LAYOUTS.find((each) => words.includes(each));
  return { ...(precision && { precision }), ...(layout && { layout }) };
}

type Question = { readonly do: 'prepare'; readonly step: number; readonly given: string } | { readonly do: 'probe' };

await serve(peer, (command) => {
  const question = command as Question;
  return question.do === 'probe' ? probe() : prepare(question.step, question.given);
});

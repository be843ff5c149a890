/** Ganway as a contender: `node ganway.js NATIVE_FOLDER`. It also says where the others begin: `prepare`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../../../batch/engine/executors/open.ts';
import type { Session } from '../../../../batch/engine/session.ts';
import { encodeSafetensors } from '../../../../batch/trainer/safetensors.ts';
import { draw, drawsProgram } from '../../peers/draws.ts';
import type { Workload } from '../../peers/workload.ts';
import { type OwnProgram, ownProgram } from './own-program.ts';
import { type Peer, serve } from './serve.ts';

const nativeDir = process.argv[2] ?? '';
const workDir = mkdtempSync(join(tmpdir(), 'ganway-bench-'));
process.on('exit', () => rmSync(workDir, { recursive: true, force: true }));

let session: Session;
let workload: Workload;
let own: OwnProgram;
let steps = 0;

const peer: Peer = {
  open(wanted) {
    workload = wanted;
    own = ownProgram(workload, workDir);
    session = openSession(own.program, { nativeDir, workDir });
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
  const draws = openSession(drawsProgram(workload), { nativeDir, workDir });
  const given = new Map([...session.read(), ['given/real', own.batch(step)], ...draw(draws, own.seed, step)]);
  draws.close();
  writeFileSync(path, Buffer.concat(encodeSafetensors(given)));
  return {};
}

await serve(peer, (command) => {
  const { step, given } = command as { step: number; given: string };
  return prepare(step, given);
});

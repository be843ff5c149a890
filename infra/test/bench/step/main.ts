/**
 * `npm run bench:step`: training steps of Ganway, PyTorch, Python's TensorFlow and eager TensorFlow.js, side by side on
 * this machine. Who does not make Ganway's step is not timed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '../../../../batch/trainer/safetensors.ts';
import { SetupError } from '../../../setup/setup-error.mjs';
import {
  type Contender,
  type ContenderCommand,
  ContenderEnded,
  startContender,
  type Timing,
  tensorflowPeer,
  torchPeer,
} from '../../peers/contender.ts';
import type { Workload } from '../../peers/workload.ts';
import { readOptions } from '../options.ts';
import { type Disagreement, disagreement, TOLERANCE } from './agreement.ts';
import { bundled } from './bundled.ts';
import { profile as profileOf } from './profile.ts';
import { createReport, type Report } from './report.ts';
import { timeStarts } from './start.ts';
import { judgeRows, type Round, summarise } from './summary.ts';
import { MEMORY_TARGET, TARGETS, WORKLOADS } from './workloads.ts';

/** For all contenders alike. */
const THREADS = 2;
/** The step that is compared: Adam's moments are no longer nothing. */
const CHECKED_STEP = 4;
/** Whom ratios are to. */
const BASELINE = 'torch-eager';

/** Where the set-up put what contenders run on. */
export interface Prepared {
  readonly nativeDir: string;
  readonly torch: string;
  readonly tensorflow: string;
  readonly cacheDir: string;
}

export async function main(argv: readonly string[], prepared: Prepared): Promise<void> {
  const { json, only, workload, rounds, seconds, profile } = readOptions(argv, {
    only: '',
    workload: '',
    rounds: 5,
    seconds: 4,
    profile: false,
  });
  const known = await contendersOf(prepared);
  const commands = known.filter(({ name }) => [only || name, BASELINE, 'ganway'].includes(name));
  const workloads = WORKLOADS.filter(({ name }) => [workload || name].includes(name));
  if (only !== '' && !commands.some(({ name }) => name === only)) refuse('contender', only, known);
  if (workloads.length === 0 && workload !== 'start') refuse('workload', workload, [...WORKLOADS, { name: 'start' }]);
  const report = createReport({ json, threads: THREADS });
  if (profile) {
    for (const each of workloads) await profileOf(each, prepared.nativeDir, THREADS, report);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'ganway-bench-step-'));
  try {
    for (const each of workloads) await compare(each, commands, { rounds, seconds, folder, prepared, report });
    if (workload === '' || workload === 'start') await timeStarts(prepared.nativeDir, THREADS, report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refuse(what: string, name: string, known: readonly { name: string }[]): never {
  throw new SetupError(`There is no ${what} ${name}. Known: ${known.map((each) => each.name).join(', ')}.`);
}

async function contendersOf({ nativeDir, torch, tensorflow }: Prepared): Promise<ContenderCommand[]> {
  const node = async (name: string, script: string): Promise<ContenderCommand> => ({
    name,
    program: process.execPath,
    args: ['--expose-gc', await bundled(script), nativeDir],
    mode: '',
  });
  return [
    await node('ganway', 'ganway'),
    torchPeer(torch, 'eager'),
    torchPeer(torch, 'tuned'),
    torchPeer(torch, 'compile'),
    tensorflowPeer(tensorflow, 'function'),
    await node('tfjs-eager', 'eager'),
  ];
}

interface Comparing {
  readonly rounds: number;
  readonly seconds: number;
  readonly folder: string;
  readonly prepared: Prepared;
  readonly report: Report;
}

/** Leaves out who computes something else, and times the others in turns. */
async function compare(workload: Workload, commands: readonly ContenderCommand[], options: Comparing): Promise<void> {
  const { rounds, folder, prepared, report } = options;
  const environment = { TORCHINDUCTOR_CACHE_DIR: join(prepared.cacheDir, 'torchinductor') };
  const given = join(folder, `${workload.name}.safetensors`);
  const agreed: ContenderCommand[] = [];
  for (const command of commands) {
    report.note(`${workload.name}: ${command.name} makes the step to compare …`);
    const contender = startContender(command, { threads: THREADS, environment });
    const difference = await compareStep(contender, workload, given).finally(contender.close);
    if (typeof difference === 'string') {
      report.refused(workload.name, command.name, difference);
    } else if (!(difference.share <= TOLERANCE)) {
      report.refused(workload.name, command.name, `its step is not Ganway's, ${describe(difference)}`);
    } else {
      report.note(`${workload.name}: ${command.name} makes Ganway's step, ${describe(difference)}`);
      agreed.push(command);
    }
  }
  const started = new Map<ContenderCommand, Contender>();
  try {
    const timed: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      report.note(`${workload.name}: round ${round + 1} of ${rounds} …`);
      // Each round begins with another one: who comes first finds a cooler processor.
      const turn = round % agreed.length;
      const timings = new Map<string, Timing>();
      for (const command of [...agreed.slice(turn), ...agreed.slice(0, turn)]) {
        const contender = started.get(command) ?? startContender(command, { threads: THREADS, environment });
        if (!started.has(command)) {
          started.set(command, contender);
          await beginTraining(contender, workload, given);
        }
        timings.set(command.name, await contender.time(options.seconds));
      }
      timed.push(timings);
    }
    const names = agreed.map(({ name }) => name);
    const rows = summarise(workload, names, timed, BASELINE);
    report.compared(workload, rows, judgeRows(rows, BASELINE, TARGETS[workload.name], MEMORY_TARGET));
  } finally {
    await Promise.all([...started.values()].map((contender) => contender.close()));
  }
}

/** In a process that has done nothing else: whatever the comparison of steps has left in memory is no part of training. */
async function beginTraining(contender: Contender, workload: Workload, given: string): Promise<void> {
  await contender.open(workload);
  await contender.load({ given, step: CHECKED_STEP });
}

const describe = ({ name, share }: Disagreement) =>
  `${name} moves otherwise by ${(100 * share).toPrecision(2)} %; ${100 * TOLERANCE} % are allowed`;

/** How far the contender's step is from that of Ganway, which comes first and says where all begin; or why it makes none. */
async function compareStep(contender: Contender, workload: Workload, given: string): Promise<Disagreement | string> {
  const [own, result] = [`${given}.ganway`, `${given}.${contender.name}`];
  try {
    await contender.open(workload);
    if (contender.name === 'ganway') await contender.ask({ do: 'prepare', given, step: CHECKED_STEP });
    await contender.check({ given, result, step: CHECKED_STEP });
  } catch (error) {
    if (error instanceof ContenderEnded) return error.reason;
    throw error;
  }
  const read = (path: string) => decodeSafetensors(readFileSync(path));
  return disagreement(read(given), read(own), read(result));
}

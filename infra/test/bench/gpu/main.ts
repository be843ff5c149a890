/**
 * `npm run bench:gpu`: training steps of Ganway and PyTorch on a GPU, by workload, precision and with XLA or without. Who does not
 * make the step, or rounds more than its precision says, is not timed; all that was seen is written into one log.
 *
 * Not varied is the number of steps in a call: a call makes one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeSafetensors } from '../../../../batch/trainer/safetensors.ts';
import { SetupError } from '../../../setup/setup-error.mjs';
import { type Contender, ContenderEnded, startContender, type Timing } from '../../peers/contender.ts';
import type { Workload } from '../../peers/workload.ts';
import { readOptions } from '../options.ts';
import { type Disagreement, disagreement } from '../step/agreement.ts';
import { type Round, summarise } from '../step/summary.ts';
import { TOLERANCES } from './agreement.ts';
import { BASELINE, type Device, DIGITS, environmentOf, type Variant, variantsOf } from './contenders.ts';
import { type Log, openLog } from './log.ts';
import { deviceNow, machineFacts, wholeDevice } from './machine.ts';
import type { Digits } from './probe.ts';
import { workloadsOf } from './workloads.ts';

/** The step that is compared: Adam's moments are no longer nothing. */
const CHECKED_STEP = 4;
const THREADS = 2;

/** Where the set-up put what contenders run on. */
export interface Prepared {
  readonly nativeDir: string;
  /** A Python that imports PyTorch, for this device. */
  readonly torch: string;
  readonly cacheDir: string;
}

interface Bench extends Prepared {
  readonly device: Device;
  readonly rounds: number;
  readonly seconds: number;
  readonly folder: string;
  readonly log: Log;
}

/** Resolves to the path of the log. */
export async function main(argv: readonly string[], prepared: Prepared): Promise<string> {
  const {
    json,
    log: path,
    device: named,
    only,
    workload,
    rounds,
    seconds,
  } = readOptions(argv, {
    ...{ device: 'gpu', only: '', workload: '', log: '' },
    ...{ rounds: 5, seconds: 4 },
  });
  const device = deviceOf(named);
  const variants = await variantsOf(device, prepared.nativeDir, prepared.torch);
  const [reference] = variants.filter(({ command }) => command.name === 'torch-eager FP32');
  const chosen = variants.filter(({ contender }) =>
    [only || contender, BASELINE[device], 'ganway'].includes(contender),
  );
  const workloads = workloadsOf(device).filter(({ name }) => name === (workload || name));
  if (!reference || !variants.some(({ contender }) => contender === (only || contender))) {
    throw new SetupError(
      `There is no contender ${only}. Known: ${[...new Set(variants.map((each) => each.contender))]}.`,
    );
  }
  if (workloads.length === 0) {
    throw new SetupError(`There is no workload ${workload}. Known: ${workloadsOf(device).map(({ name }) => name)}.`);
  }
  const log = openLog(resolve(path || `bench-${device}-${new Date().toISOString().replaceAll(':', '-')}.log`), {
    json,
  });
  const folder = mkdtempSync(join(tmpdir(), 'ganway-bench-gpu-'));
  try {
    log.note(`the log is ${log.path}`);
    log.detail('begin', { argv, device, rounds, seconds, threads: THREADS, machine: machineFacts(), now: deviceNow() });
    log.quote('nvidia-smi -q, before', wholeDevice());
    const bench = { ...prepared, device, rounds, seconds, folder, log };
    for (const each of workloads) await compare(each, chosen, reference, bench);
    log.quote('nvidia-smi -q, afterwards', wholeDevice());
    return log.path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function deviceOf(word: string): Device {
  if (word === 'gpu' || word === 'cpu') return word;
  throw new SetupError(`--device is gpu or cpu, not ${word}.`);
}

/** Leaves out who computes something else, and times the others in turns. */
async function compare(
  workload: Workload,
  variants: readonly Variant[],
  reference: Variant,
  bench: Bench,
): Promise<void> {
  const { rounds, seconds, log } = bench;
  const agreed: Variant[] = [];
  await using(start(reference, bench), async (referee) => {
    await referee.open(workload);
    for (const variant of variants) {
      const { name } = variant.command;
      log.note(`${workload.name}: ${name} makes the step to compare …`);
      const found = await checkStep(workload, variant, referee, bench);
      if (typeof found === 'string') refuse(workload, variant, found, bench);
      else {
        log.note(`${workload.name}: ${name} makes the step of ${referee.name}, ${describe(found, variant)}`);
        agreed.push(variant);
      }
    }
  });
  const started = new Map<Variant, Contender>();
  try {
    const timed: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      log.note(`${workload.name}: round ${round + 1} of ${rounds} …`);
      const timings = new Map<string, Timing>();
      // Each round begins with another one: who comes first finds a cooler device.
      const turn = round % Math.max(1, agreed.length);
      for (const variant of [...agreed.slice(turn), ...agreed.slice(0, turn)]) {
        const contender = started.get(variant) ?? (await begun(workload, variant, bench));
        started.set(variant, contender);
        const timing = await contender.time(seconds);
        timings.set(contender.name, timing);
        const { name } = workload;
        log.detail('timing', {
          round: round + 1,
          workload: name,
          contender: contender.name,
          ...timing,
          now: deviceNow(),
        });
      }
      timed.push(timings);
    }
    report(workload, agreed, timed, bench);
  } finally {
    await Promise.all([...started.values()].map((contender) => contender.close()));
  }
}

const describe = ({ name, share }: Disagreement, { precision }: Variant) =>
  `${name} moves otherwise by ${(100 * share).toPrecision(2)} %; ${100 * TOLERANCES[precision]} % are allowed`;

function start(variant: Variant, { device, cacheDir }: Bench): Contender {
  const { command, precision } = variant;
  const environment = environmentOf(variant, cacheDir);
  return startContender(command, { threads: THREADS, gpus: device === 'gpu' ? 1 : 0, precision, environment });
}

/** Where all begin, written by the Ganway that is compared or by its plainest form. */
const givenOf = ({ folder }: Bench, { name }: Workload, variant: Variant): string =>
  join(folder, `${name}-${variant.contender === 'ganway' ? variant.command.mode.replace(' ', '-') : 'FP32-flat'}`);

/** In a process that has done nothing else. */
async function begun(workload: Workload, variant: Variant, bench: Bench): Promise<Contender> {
  const contender = start(variant, bench);
  await contender.open(workload);
  await contender.load({ given: givenOf(bench, workload, variant), step: CHECKED_STEP });
  return contender;
}

/**
 * How far the step is from that of the reference, from the same weights, images and noise; or why it is not to be timed. Ganway
 * says itself what it begins with, for it draws its noise within the step, and with XLA other noise.
 */
async function checkStep(
  workload: Workload,
  variant: Variant,
  referee: Contender,
  bench: Bench,
): Promise<Disagreement | string> {
  const given = givenOf(bench, workload, variant);
  const [own, theirs] = [`${given}.${variant.command.name}`, `${given}.reference`];
  try {
    await using(start(variant, bench), async (contender) => {
      await contender.open(workload);
      if (variant.contender === 'ganway') {
        await requireDigits(contender, variant, bench);
        await contender.ask({ do: 'prepare', given, step: CHECKED_STEP });
      }
      await contender.check({ given, result: own, step: CHECKED_STEP });
    });
    await referee.check({ given, result: theirs, step: CHECKED_STEP });
  } catch (error) {
    if (error instanceof ContenderEnded) return error.reason;
    if (error instanceof TooFewDigits) return error.message;
    throw error;
  }
  const read = (path: string) => decodeSafetensors(readFileSync(path));
  const found = disagreement(read(given), read(theirs), read(own));
  // Not `share > tolerance`: a NaN agrees with nothing.
  if (found.share <= TOLERANCES[variant.precision]) return found;
  return `its step is not that of ${referee.name}, ${describe(found, variant)}`;
}

async function using<T>(contender: Contender, use: (contender: Contender) => Promise<T>): Promise<T> {
  return use(contender).finally(contender.close);
}

class TooFewDigits extends Error {}

/** @throws TooFewDigits where products are rounded more than the precision says: FP32 would be TF32 in disguise. */
async function requireDigits(contender: Contender, { command, precision }: Variant, { log }: Bench): Promise<void> {
  const found = (await contender.ask({ do: 'probe' })) as Digits & { device: string };
  log.detail('probe', { contender: command.name, ...found });
  const fewest = Math.min(found.matMul, found.conv2d);
  if (fewest < DIGITS[precision]) {
    throw new TooFewDigits(
      `its products keep ${fewest} binary digits of their factors, and ${precision} has ${DIGITS[precision]}`,
    );
  }
}

function refuse(workload: Workload, { contender, precision, xla }: Variant, why: string, { log, device }: Bench): void {
  log.note(`${workload.name}: ${contender} ${precision}${xla ? ' XLA' : ''} is not timed: ${why}`);
  log.result({ workload: workload.name, contender, precision, xla, device, refused: why });
}

/** Ratios are to the baseline of the same precision. */
function report(workload: Workload, agreed: readonly Variant[], timed: readonly Round[], bench: Bench): void {
  const { device, log } = bench;
  const now = deviceNow();
  const { processor, load } = machineFacts();
  for (const variant of agreed) {
    const { command, contender, precision, xla } = variant;
    const baseline = `${BASELINE[device]} ${precision}`;
    const [row] = summarise(workload, [command.name], timed, baseline);
    if (!row) continue;
    const { contender: _, ...figures } = row;
    const rounded = Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, round(value)]));
    const fields = { workload: workload.name, contender, precision, xla, device, baseline, ...rounded };
    log.result({ ...fields, ...(now ?? { processor, load }) });
    log.note(
      `${workload.name}: ${command.name} ${row.p50Ms.toPrecision(4)} ms a step, ${row.ratio.toFixed(2)} × ${baseline} ` +
        `(${row.low.toFixed(2)} to ${row.high.toFixed(2)})`,
    );
  }
}

/** Four significant digits are more than any of this repeats to. */
const round = (value: number): number => Number(value.toPrecision(4));

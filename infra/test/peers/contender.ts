/** Another process that makes training steps when told to, whatever it is written in; see serve.py and serve.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { trainerEnvironment } from '../../../batch/protocol/environment.ts';
import type { Precision } from '../../../graph/spec/spec.ts';
import type { Workload } from './workload.ts';

/** Where its program is and how it is meant to compute. */
export interface ContenderCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly mode: string;
}

/** Losses of one step. */
export interface Losses {
  readonly lossD: number;
  readonly lossG: number;
}

export interface Timing {
  /** Milliseconds of each step, in order. */
  readonly times: readonly number[];
  /** The most memory that was resident during these steps, 10⁶ bytes. */
  readonly peakRssMb: number;
  /** What of the memory is the process's own in the end: without pages of files, which the kernel can take back. 10⁶ bytes. */
  readonly ownMb: number;
}

export interface Contender {
  readonly name: string;
  /** Any command that its serve.py or serve.ts knows. */
  ask(command: object): Promise<unknown>;
  /** Builds the workload's networks. To be called first; where it is called again, it begins anew. */
  open(workload: Workload): Promise<void>;
  /** Takes over the state of the file `given`, with which step number `step` begins. */
  load(files: { readonly given: string; readonly step: number }): Promise<void>;
  /** Makes step number `step` on the state and the batch of the file `given`; the state after it goes to `result`. */
  check(files: { readonly given: string; readonly result: string; readonly step: number }): Promise<Losses>;
  /** Makes steps on random images for so many seconds. */
  time(seconds: number): Promise<Timing>;
  close(): Promise<void>;
}

/** PyTorch by an interpreter of setup/peers. */
export function torchPeer(
  python: string,
  mode: 'eager' | 'tuned' | 'compile' | 'graphs' | 'reference',
): ContenderCommand {
  return { name: `torch-${mode}`, program: python, args: [script('torch_peer.py')], mode };
}

/** Python's TensorFlow by an interpreter of setup/peers. */
export function tensorflowPeer(python: string, mode: 'function' | 'reference'): ContenderCommand {
  return { name: `tensorflow-${mode}`, program: python, args: [script('tensorflow_peer.py')], mode };
}

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Lines of stderr that an error quotes. */
const LINES = 30;

/** It died; the message has the end of what it printed. */
export class ContenderEnded extends Error {
  override readonly name = 'ContenderEnded';
  /** The line that says why, in Python as in Node. */
  readonly reason: string;

  constructor(name: string, said: readonly string[]) {
    super(`${name} ended:\n${said.join('\n')}`);
    this.reason =
      said.findLast((line) => /^(\w+\.)*\w*(Error|Exception): /.test(line)) ?? said.at(-1) ?? 'it printed nothing';
  }
}

export interface ContenderOptions {
  readonly threads: number;
  /** None by default: then it sees none of the machine's. */
  readonly gpus?: number;
  /** Whether libraries of GPUs may use TF32; FP32 by default, which forbids it. */
  readonly precision?: Precision;
  /** Beside this process's. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts it as trainers are started. Its methods throw {@link ContenderEnded} where it has died. */
export function startContender(
  { name, program, args, mode }: ContenderCommand,
  { threads, gpus = 0, precision = 'FP32', environment = {} }: ContenderOptions,
): Contender {
  const resources = { threads, gpus, precision, memoryMb: 0 };
  const child = spawn(program, [...args], {
    env: { ...process.env, ...trainerEnvironment(resources), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > LINES) said.shift();
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // A write to a process that has died is answered by the end of its output.
  child.stdin.on('error', () => {});
  const ask = async (command: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new ContenderEnded(name, said);
    return JSON.parse(value);
  };
  return {
    name,
    ask,
    open: async (workload) => {
      await ask({ do: 'open', workload, mode });
    },
    load: async (files) => {
      await ask({ do: 'load', ...files });
    },
    check: (files) => ask({ do: 'check', ...files }) as Promise<Losses>,
    time: (seconds) => ask({ do: 'time', seconds }) as Promise<Timing>,
    close: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

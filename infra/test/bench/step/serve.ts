/** Lets a contender written for Node be driven over stdin and stdout: serve.py of the peers, for TensorFlow.js. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TensorValue } from '../../../../batch/engine/session.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../../batch/trainer/safetensors.ts';
import type { Losses, Timing } from '../../peers/contender.ts';
import type { Workload } from '../../peers/workload.ts';

type Arrays = ReadonlyMap<string, TensorValue>;

/** A step that can be driven. */
export interface Peer {
  open(workload: Workload, mode: string): void;
  /** Takes over weights, averages and moments: those that step number `step` finds. */
  load(state: Arrays, step: number): Promise<void>;
  state(): Arrays;
  /** The step on given images, noise and dropout masks, of the names that draws.ts gives them. */
  step(given: Arrays, step: number): Losses;
  /** A step on other random numbers each time. */
  randomStep(): void;
}

type Command =
  | { readonly do: 'open'; readonly workload: Workload; readonly mode: string }
  | { readonly do: 'load'; readonly given: string; readonly step: number }
  | { readonly do: 'check'; readonly given: string; readonly result: string; readonly step: number }
  | { readonly do: 'time'; readonly seconds: number };

/** Answers until stdin ends; `more` answers what else can be asked of this contender. */
export async function serve(peer: Peer, more: (command: unknown) => object = refuse): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const command: Command = JSON.parse(line);
    process.stdout.write(`${JSON.stringify(await answer(peer, command, more))}\n`);
  }
}

async function answer(peer: Peer, command: Command, more: (command: unknown) => object): Promise<object> {
  switch (command.do) {
    case 'open':
      peer.open(command.workload, command.mode);
      return {};
    case 'load':
      await load(peer, command);
      return {};
    case 'check': {
      const inputs = await load(peer, command);
      const losses = peer.step(inputs, command.step);
      writeFileSync(command.result, Buffer.concat(encodeSafetensors(peer.state())));
      return losses;
    }
    case 'time':
      return timeSteps(() => peer.randomStep(), command.seconds);
    default:
      return more(command);
  }
}

/** The other arrays of the file: what the step is given. */
async function load(peer: Peer, { given, step }: { given: string; step: number }): Promise<Arrays> {
  const arrays = [...decodeSafetensors(readFileSync(given))];
  const isInput = ([name]: [string, TensorValue]) => name.startsWith('given/');
  await peer.load(new Map(arrays.filter((entry) => !isInput(entry))), step);
  return new Map(arrays.filter(isInput).map(([name, value]) => [name.slice('given/'.length), value]));
}

function refuse(command: unknown): never {
  throw new RangeError(`cannot ${JSON.stringify(command)}`);
}

/** As serve.py does it. */
function timeSteps(step: () => void, seconds: number): Timing {
  // What Python's counted references have freed already: the arrays that the weights came from.
  globalThis.gc?.();
  for (let n = 0; n < 2; n++) step();
  writeFileSync('/proc/self/clear_refs', '5');
  const times: number[] = [];
  const end = performance.now() + 1e3 * seconds;
  while (performance.now() < end || times.length < 3) {
    const start = performance.now();
    step();
    times.push(performance.now() - start);
  }
  const status = readFileSync('/proc/self/status', 'utf8');
  const megabytes = (field: string) => (Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { times, peakRssMb: megabytes('VmHWM'), ownMb: megabytes('RssAnon') };
}

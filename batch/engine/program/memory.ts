/** Resident memory of a process that runs a program, before it runs; pure, so that plans can ask. */
import { inputOf } from './graph.ts';
import type { OpName } from './ops/table.ts';
import { nodesOf, type Program } from './program.ts';
import { sizeOf } from './shape.ts';
import type { State } from './state.ts';
import type { AnyNode, DType, Tensor } from './tensor.ts';

const BYTES: Readonly<Record<DType, number>> = {
  ...{ float32: 4, float64: 8, bfloat16: 2 },
  ...{ int32: 4, uint8: 1, bool: 1 },
};

/** Bytes that a program needs while it runs. */
export interface MemoryEstimate {
  /** All state but the data set: what a checkpoint holds. */
  readonly state: number;
  readonly data: number;
  /** The most that any one signature holds beside state and data set. */
  readonly activations: number;
  /** Resident memory of a trainer, at its peak. */
  readonly total: number;
}

/**
 * Resident bytes of a trainer whose program holds next to nothing: those pages of TensorFlow's library that a training
 * touches (90 MB), what it allocates to start and to rewrite graphs, Node.js, TF.js's core and the trainer's own JavaScript.
 */
const RUNTIME = 310e6;
/** Resident bytes once TensorFlow is linked and initialised, before what only that has touched is given back. */
const LOADING = 355e6;
/**
 * Resident by live bytes. TensorFlow takes memory from the system in regions of doubling size and gives none back, and
 * tensors of other sizes do not fit into the holes that freed ones leave.
 */
const POOL = 1.3;
/** JavaScript holds a copy of all state for each checkpoint: one being written, and the one before until it is collected. */
const CHECKPOINTS = 2;

/**
 * Memory that a program needs, by replaying which tensors TensorFlow holds at once. Peaks of bundled
 * trainers of all presets measured on CPUs (28×28 to 128×128, batch 32 to 256, 15 to 236 MB of state) lay within 6 % of
 * `total`.
 */
export function estimateMemory(program: Program): MemoryEstimate {
  const state = program.state.filter(({ role }) => role !== 'data').reduce(addBytes, 0);
  const data = program.state.filter(({ role }) => role === 'data').reduce(addBytes, 0);
  const held = Object.keys(program.signatures).map((name) => heldBy(program, name));
  // What `init` assigns becomes the state: until then there is none.
  const peaks = held.map(({ peak, kept, files }) => POOL * (state + data - kept + peak) + files);
  return {
    state,
    data,
    activations: Math.max(0, ...held.map(({ peak, kept }) => peak - kept)),
    total: Math.ceil(Math.max(LOADING, RUNTIME + Math.max(0, ...peaks) + CHECKPOINTS * state)),
  };
}

function heldBy(program: Program, signature: string): Held {
  const nodes = nodesOf(program, signature);
  // All are read before the first is decoded.
  const files = nodes.filter(({ op }) => op === 'readImages').flatMap(({ outputs }) => outputs);
  return { ...peakOf(inExecutionOrder(program, nodes)), files: files.reduce((sum, file) => sum + bytesOf(file), 0) };
}

/** What one signature holds, bytes. */
interface Held {
  /** The most alive at once. */
  readonly peak: number;
  /** Part of it that the state takes over. */
  readonly kept: number;
  /** Contents of files, which come from another allocator. */
  readonly files: number;
}

const addBytes = (sum: number, { shape, dtype }: State): number => sum + sizeOf(shape) * BYTES[dtype];

/**
 * The order in which TensorFlow's executor begins nodes: breadth first, each as soon as all that it waits for is done.
 * Networks that do not wait for each other are alive at once, whatever the order in which they were written.
 */
function inExecutionOrder({ after }: Program, nodes: readonly AnyNode[]): AnyNode[] {
  const present = new Set(nodes);
  const waiting = new Map<AnyNode, number>();
  const followers = new Map<AnyNode, AnyNode[]>();
  for (const node of nodes) {
    const before = new Set([...node.inputs.map((input) => input.node), ...(after.get(node) ?? [])]);
    const awaited = [...before].filter((earlier) => present.has(earlier));
    waiting.set(node, awaited.length);
    for (const earlier of awaited) {
      const known = followers.get(earlier);
      if (known) known.push(node);
      else followers.set(earlier, [node]);
    }
  }
  const order = nodes.filter((node) => waiting.get(node) === 0);
  // The list grows while it is read.
  for (const node of order) {
    for (const follower of followers.get(node) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) order.push(follower);
    }
  }
  return order;
}

/** What is alive at once where nodes run one after the other. */
function peakOf(nodes: readonly AnyNode[]): Pick<Held, 'peak' | 'kept'> {
  const usesLeft = new Map<Tensor, number>();
  const operandsOf = (node: AnyNode) => new Set(node.inputs.map(rootOf));
  for (const node of nodes) for (const input of operandsOf(node)) usesLeft.set(input, (usesLeft.get(input) ?? 0) + 1);
  let alive = 0;
  let peak = 0;
  let kept = 0;
  for (const node of nodes) {
    const made = node.outputs.reduce((sum, output) => sum + bytesOf(output), 0);
    const last: Tensor[] = [];
    for (const input of operandsOf(node)) {
      const left = (usesLeft.get(input) ?? 0) - 1;
      usesLeft.set(input, left);
      if (left === 0) last.push(input);
    }
    const freed = last.reduce((sum, input) => sum + bytesOf(input), 0);
    const inPlace = IN_PLACE.has(node.op) && last.some((input) => bytesOf(input) === made);
    peak = Math.max(peak, alive + (inPlace ? 0 : made));
    const unused = node.outputs.filter((output) => !usesLeft.has(output));
    alive += made - unused.reduce((sum, output) => sum + bytesOf(output), 0);
    // A variable takes over what it is assigned, instead of copying it.
    if (node.op === 'assign') kept += freed;
    else alive -= freed;
  }
  return { peak, kept };
}

/** Operations that write their result over an operand which nobody else needs any more. */
const IN_PLACE: ReadonlySet<OpName> = new Set<OpName>([
  ...(['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'negate', 'square', 'sqrt', 'rsqrt'] as const),
  ...(['power', 'exp', 'log', 'sin', 'cos', 'erf', 'abs', 'sign', 'floor', 'select', 'biasAdd'] as const),
  ...(['relu', 'reluGradient', 'leakyRelu', 'leakyReluGradient', 'tanh', 'tanhGradient', 'sigmoid'] as const),
  ...(['softplus', 'elu', 'softmax', 'logSoftmax'] as const),
]);

/** Operations whose result is their operand's memory under another name. */
const VIEWS: ReadonlySet<OpName> = new Set<OpName>(['reshape', 'stopGradient', 'waitFor']);

/** The tensor whose memory this one shows. */
function rootOf(tensor: Tensor): Tensor {
  return VIEWS.has(tensor.node.op) ? rootOf(inputOf(tensor.node, 0)) : tensor;
}

function bytesOf({ node, shape, dtype }: Tensor): number {
  // A read shows the state's own memory.
  return node.op === 'read' || VIEWS.has(node.op) ? 0 : sizeOf(shape) * BYTES[dtype];
}

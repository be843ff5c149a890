/** What a program costs before it runs: parameters, floating-point operations, bytes; pure, so that plans can ask. */
import { inputOf, outputOf } from './graph.ts';
import type { OpName } from './ops/table.ts';
import { type Program, updatesOf } from './program.ts';
import { sizeOf } from './shape.ts';
import type { Signature } from './signature.ts';
import type { State } from './state.ts';
import type { AnyNode, ElementType, Node, Tensor } from './tensor.ts';

const BYTES: Readonly<Record<ElementType, number>> = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 };

/** Elements of all weights, or of those whose name starts with `prefix`. */
export function countParameters({ state }: Program, prefix = ''): number {
  return state
    .filter(({ role, name }) => role === 'weight' && name.startsWith(prefix))
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Floating-point operations of one call: two for each multiply-add, one for each element of the rest. */
export function countFlops(program: Program, signature: string): number {
  return neededBy(program, signature).reduce((sum, node) => sum + flopsOf(node), 0);
}

function flopsOf(node: AnyNode): number {
  switch (node.op) {
    case 'matMul': {
      const inner = inputOf(node, 0).shape.at(node.attributes.transposeA ? -2 : -1) ?? 0;
      return 2 * sizeOf(outputOf(node, 0).shape) * inner;
    }
    case 'conv2d':
    case 'depthwiseConv2d':
      return convolutionFlops(outputOf(node, 0), inputOf(node, 1));
    case 'conv2dInputGradient':
    case 'depthwiseConv2dInputGradient':
      return convolutionFlops(inputOf(node, 0), inputOf(node, 1));
    case 'conv2dFilterGradient':
    case 'depthwiseConv2dFilterGradient':
      return convolutionFlops(inputOf(node, 1), outputOf(node, 0));
    case 'averagePool':
      return node.attributes.size ** 2 * sizeOf(outputOf(node, 0).shape);
    case 'averagePoolGradient':
      return node.attributes.size ** 2 * sizeOf(inputOf(node, 0).shape);
    case 'sum':
    case 'max':
    case 'min':
    case 'argMax':
    case 'halfSquareSum':
    case 'scatterAdd':
      return sizeOf(inputOf(node, 0).shape);
    case 'softmax':
    case 'logSoftmax':
      return 4 * sizeOf(outputOf(node, 0).shape);
    case 'batchNorm':
    case 'batchNormGradient':
      return 8 * sizeOf(outputOf(node, 0).shape);
    case 'adam':
      return 12 * sizeOf(node.attributes.weight.shape);
    default:
      return FREE.has(node.op) ? 0 : node.outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }
}

/** All forms of a convolution cost the same: each pixel of the smaller images meets each element of the kernel. */
function convolutionFlops(small: Tensor, kernel: Tensor): number {
  const [n = 0, height = 0, width = 0] = small.shape;
  return 2 * n * height * width * sizeOf(kernel.shape);
}

/** Operations that compute nothing: they fetch or move. */
const FREE: ReadonlySet<OpName> = new Set<OpName>([
  ...(['constant', 'feed', 'read', 'readImages', 'assign', 'stopGradient', 'cast'] as const),
  ...(['reshape', 'transpose', 'reverse', 'broadcastTo', 'concat', 'slice', 'pad', 'gather'] as const),
  ...(['upsampleNearest', 'depthToSpace', 'spaceToDepth'] as const),
]);

/** Bytes that a program needs while it runs. */
export interface MemoryEstimate {
  /** All state but the data set. */
  readonly state: number;
  readonly data: number;
  /** The most that any one signature holds beside the state. */
  readonly activations: number;
  /** Resident memory of a process that trains with it. */
  readonly total: number;
}

/** Resident bytes of Node.js, TF.js and TensorFlow before the first byte of a program. Measured: 490 to 560 MB. */
const RUNTIME = 600e6;
/** A state is in memory once more while it is updated, and once more while a checkpoint is made of it. */
const STATE_COPIES = 3;
/** Resident by live bytes: kernels reorder their operands, and an allocator does not return everything at once. */
const OVERHEAD = 1.8;

/**
 * Memory that a program needs, from the lifetimes of its tensors. Peaks measured on CPUs (28×28 to 128×128, batch 32
 * to 128) lay 0 to 10 % below `total`.
 */
export function estimateMemory(program: Program): MemoryEstimate {
  const bytes = (states: readonly State[]) =>
    states.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * BYTES[dtype], 0);
  const state = bytes(program.state.filter(({ role }) => role !== 'data'));
  const data = bytes(program.state.filter(({ role }) => role === 'data'));
  const activations = Math.max(0, ...Object.keys(program.signatures).map((name) => peakOf(neededBy(program, name))));
  const total = Math.ceil(RUNTIME + STATE_COPIES * state + data + OVERHEAD * activations);
  return { state, data, activations, total };
}

/** The most bytes alive at once where nodes run in the order in which they were written. */
function peakOf(nodes: readonly AnyNode[]): number {
  const usesLeft = new Map<Tensor, number>();
  const operandsOf = (node: AnyNode) => new Set(node.inputs.map(rootOf));
  for (const node of nodes) for (const input of operandsOf(node)) usesLeft.set(input, (usesLeft.get(input) ?? 0) + 1);
  let alive = 0;
  let peak = 0;
  for (const node of nodes) {
    alive += node.outputs.reduce((sum, output) => sum + bytesOf(output), 0);
    peak = Math.max(peak, alive);
    for (const input of operandsOf(node)) {
      const left = (usesLeft.get(input) ?? 0) - 1;
      usesLeft.set(input, left);
      if (left === 0) alive -= bytesOf(input);
    }
  }
  return peak;
}

/** The tensor whose memory this one shows: a reshape has none of its own. */
function rootOf(tensor: Tensor): Tensor {
  return tensor.node.op === 'reshape' ? rootOf(inputOf(tensor.node, 0)) : tensor;
}

function bytesOf({ node, shape, dtype }: Tensor): number {
  // A read shows the state's own memory. A file is in memory twice: as read and as decoded.
  const copies: Partial<Record<OpName, number>> = { reshape: 0, read: 0, readImages: 2 };
  return (copies[node.op] ?? 1) * sizeOf(shape) * BYTES[dtype];
}

/** Nodes that a call runs, inputs first. */
function neededBy(program: Program, name: string): AnyNode[] {
  const signature: Signature | undefined = program.signatures[name];
  if (!signature) throw new RangeError(`no signature ${name}`);
  const needed = new Set<Node>();
  const pending: Node[] = [...Object.values(signature.fetches).map(({ node }) => node), ...updatesOf(signature)];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    pending.push(...node.inputs.map((input) => input.node));
  }
  return program.nodes.filter((node) => needed.has(node));
}

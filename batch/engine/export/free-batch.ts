/** Makes the first axis of what goes into a frozen graph free, although every shape of a program is fixed; knows no operation. */
import { isDeepStrictEqual } from 'node:util';
import { EngineError } from '../errors.ts';
import type { TensorInfo } from '../savedmodel/graphdef.ts';
import type { NodeDef } from '../savedmodel/nodedef.ts';
import { batchSizeOf, type Length } from './batch-size.ts';
import { type FrozenGraph, rename } from './freeze.ts';

/** Sizes of a batch that no other side of a program has: primes beyond every width that a spec may name. */
const PROBES = [10_007, 10_009] as const;

/** A free axis in the shape of a placeholder or of a signature, as TensorFlow writes it. */
const FREE = -1;

/**
 * The graph that `build` makes, for any batch. It is built for two sizes that occur nowhere else: integers in which the
 * two graphs differ are the size of the batch or multiples of it, and are computed from the first feed instead.
 *
 * @throws EngineError EXPORT where anything but integers depends on the size of the batch
 */
export function freeBatch(build: (batch: number) => FrozenGraph): FrozenGraph {
  const [one, other] = [build(PROBES[0]), build(PROBES[1])];
  const [feed] = Object.values(one.signature.inputs);
  if (!feed) throw new EngineError('EXPORT', 'a signature without feeds has no batch');
  const batch = batchSizeOf(feed);
  /** Names in the other graph, and of what is replaced in this one. */
  const [twins, replaced] = [new Map<string, string>(), new Map<string, string>()];
  const nodes = one.nodes.flatMap((node, index): NodeDef[] => {
    const twin = other.nodes[index];
    if (!twin || !isTwin(node, twin, twins)) throw dependent(node);
    twins.set(twin.name, node.name);
    if (isDeepStrictEqual(twin.attributes, node.attributes)) return [node];
    if (node.op === 'Placeholder') return [withFreeShape(node, twin)];
    const [mine, theirs] = [integersOf(node), integersOf(twin)];
    const lengths = mine?.values.map((value, at) => lengthOf(value, theirs?.values[at]));
    if (!mine || !lengths?.every((length) => length !== null)) throw dependent(node);
    replaced.set(node.name, batch.integers(lengths, mine.kind));
    return batch.take();
  });
  return {
    ...one,
    nodes: rename(nodes, replaced),
    signature: {
      inputs: withFreeShapes(one.signature.inputs, other.signature.inputs),
      outputs: withFreeShapes(one.signature.outputs, other.signature.outputs),
    },
  };
}

/** True where both nodes do the same with the same inputs. */
function isTwin(node: NodeDef, twin: NodeDef, twins: ReadonlyMap<string, string>): boolean {
  const [{ inputs } = twin] = rename([twin], twins);
  return twin.op === node.op && isDeepStrictEqual(inputs, node.inputs);
}

/** What an integer is that has these values at the two sizes; null where it follows the batch in another way. */
function lengthOf(one: number, other: number | undefined): Length | null {
  if (one === other) return { value: one };
  const times = one / PROBES[0];
  return Number.isInteger(times) && other === times * PROBES[1] ? { times } : null;
}

/** Elements of a constant of int32 with at most one dimension; null for all other nodes. */
function integersOf({ op, attributes: { value } }: NodeDef) {
  if (op !== 'Const' || value === undefined || !('tensor' in value)) return null;
  const { dtype, shape, content } = value.tensor;
  if (dtype !== 'int32' || shape.length > 1 || typeof content === 'string') return null;
  const values = new Int32Array(content.buffer, content.byteOffset, content.byteLength / 4);
  return { kind: shape.length === 0 ? 'scalar' : 'vector', values: [...values] } as const;
}

function withFreeShape(node: NodeDef, twin: NodeDef): NodeDef {
  const [{ shape: one }, { shape: other }] = [node.attributes, twin.attributes];
  if (!one || !other || !('shape' in one) || !('shape' in other)) throw dependent(node);
  return { ...node, attributes: { ...node.attributes, shape: { shape: freeShape(one.shape, other.shape) } } };
}

function withFreeShapes(
  one: Readonly<Record<string, TensorInfo>>,
  other: Readonly<Record<string, TensorInfo>>,
): Record<string, TensorInfo> {
  const entries = Object.entries(one).map(([key, info]) => {
    const shape = freeShape(info.shape, other[key]?.shape ?? info.shape);
    return [key, { ...info, shape }] as const;
  });
  return Object.fromEntries(entries);
}

function freeShape(one: readonly number[], other: readonly number[]): number[] {
  return one.map((length, axis) => (length === other[axis] ? length : FREE));
}

function dependent({ name, op }: NodeDef): EngineError {
  return new EngineError('EXPORT', `${name} (${op}) depends on the size of the batch by more than its shape`);
}

/** Where values come from: constants, feeds, state, files and random numbers. */
import { EngineError } from '../../../errors.ts';
import { outputOf } from '../../../program/graph.ts';
import type { OpName } from '../../../program/ops/table.ts';
import { sizeOf } from '../../../program/shape.ts';
import type { Node } from '../../../program/tensor.ts';
import { type Numbers, storedType, type Value } from '../cpu.ts';
import type { Frame, Kernels } from '../frame.ts';
import { normalFloats, randomWords, uniformFloats } from '../random.ts';

const STORES = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export const sources = {
  constant: (node, on) => {
    const type = outputOf(node, 0);
    return on.make(type, STORES[storedType(type.dtype)].from(node.attributes.values));
  },
  feed: (node, on) => on.feed(node.attributes.feed),
  read: (node, on) => on.state(node.attributes.version.state),
  // The last bytes of the file are the array, whatever the length of the header before it.
  readImages: (node, on) => {
    const type = outputOf(node, 0);
    const bytes = on.file(node.attributes.file);
    const from = bytes.length - sizeOf(type.shape);
    if (from < 0) throw new EngineError('FEED', `${node.attributes.file} is shorter than its images`);
    return on.make(type, Int32Array.from(bytes.subarray(from)));
  },
  randomNormal: (node, on, key) => random(node, on, key, normalFloats),
  randomUniform: (node, on, key) => random(node, on, key, uniformFloats),
  // Four bytes of each word, low ones first.
  randomBytes: (node, on, key) => {
    const type = outputOf(node, 0);
    const size = sizeOf(type.shape);
    const words = randomWords(Math.ceil(size / 4), keyOf(on, key));
    return on.make(
      type,
      Int32Array.from({ length: size }, (_, at) => ((words[at >> 2] ?? 0) >>> (8 * (at & 3))) & 0xff),
    );
  },
} satisfies Partial<Kernels>;

function random(node: Node<OpName>, on: Frame, key: Value, numbersOf: (words: Uint32Array) => Float32Array): Value {
  const type = outputOf(node, 0);
  const size = sizeOf(type.shape);
  return on.make(type, numbersOf(randomWords(size, keyOf(on, key))).subarray(0, size));
}

function keyOf(on: Frame, key: Value): readonly [number, number, number, number] {
  const [seed = 0, salt = 0, step = 0, stream = 0]: Numbers = on.numbers(key);
  return [seed, salt, step, stream];
}

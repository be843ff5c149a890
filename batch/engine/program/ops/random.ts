/**
 * Random numbers as pure functions of a key; keeps no generator state. Floats are drawn as float32 in every precision, so
 * that a program has the same numbers in each.
 */
import { EngineError } from '../../errors.ts';
import { emitOne, inPrecision } from '../graph.ts';
import type { DType, Shape, Tensor } from '../tensor.ts';
import { concat } from './arrange.ts';
import { refuseShapes, requireType } from './check.ts';
import { greaterEqual } from './compare.ts';
import { constant } from './constant.ts';
import { cast, multiply, scale } from './elementwise.ts';

/**
 * The key of a named stream: `key` int32 `[3]` = (seed, salt, step) with the stream's number added, int32 `[4]`.
 * All four numbers reach Philox (Salmon et al. 2011) whole, so that different keys give independent numbers.
 *
 * @throws EngineError STATE where two names of one program have the same number.
 */
export function streamKey(key: Tensor, name: string): Tensor {
  requireType('streamKey', [key], ['int32']);
  const { graph } = key.node;
  const stream = streamNumber(name);
  const taken = graph.streams.get(stream);
  if (taken !== undefined && taken !== name) {
    throw new EngineError('STATE', `random streams ${taken} and ${name} have the same number: rename one`);
  }
  graph.streams.set(stream, name);
  return concat([key, constant(graph, [stream], [1], 'int32')]);
}

/** Number of a stream: FNV-1a of its name, as int32. */
export function streamNumber(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}

/** Normal numbers of mean 0 and deviation 1, by a {@link streamKey}. */
export function randomNormal(key: Tensor, shape: Shape): Tensor {
  return random('randomNormal', key, shape);
}

/** Uniform numbers in [0, 1), by a {@link streamKey}. */
export function randomUniform(key: Tensor, shape: Shape): Tensor {
  return random('randomUniform', key, shape);
}

/** Uniform uint8 numbers 0 to 255, by a {@link streamKey}: a quarter of the price of floats. */
export function randomBytes(key: Tensor, shape: Shape): Tensor {
  return random('randomBytes', key, shape, 'uint8');
}

/**
 * Zeroes elements with probability `rate`, to the nearest 1/256, and scales the others so that the mean stays
 * (Srivastava et al. 2014). `bytes` are {@link randomBytes} of x's shape.
 */
export function dropout(x: Tensor, rate: number, bytes: Tensor): Tensor {
  const dropped = Math.min(Math.round(rate * 256), 255);
  if (dropped === 0) return x;
  const least = constant(x.node.graph, [dropped], [], 'uint8');
  const kept = greaterEqual(bytes, least);
  return multiply(x, scale(cast(kept, x.dtype), 256 / (256 - dropped)));
}

function random(
  op: 'randomNormal' | 'randomUniform' | 'randomBytes',
  key: Tensor,
  shape: Shape,
  dtype: DType = 'float32',
): Tensor {
  requireType(op, [key], ['int32']);
  if (key.shape.length !== 1 || key.shape[0] !== 4) return refuseShapes(op, [key], 'is no key of a stream, [4]');
  const { graph } = key.node;
  return emitOne(graph, op, [key], {}, { dtype: inPrecision(graph, dtype), shape });
}

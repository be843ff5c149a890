/** What TensorFlow says when a call fails, told in the program's own names; makes no call. */
import { EngineError } from '../errors.ts';
import type { Program } from '../program/program.ts';
import { findNode, placeOf } from './place.ts';

/** A status that is not OK, as the library gave it. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
}

/** RESOURCE_EXHAUSTED in words: of TensorFlow's allocators, of CUDA's, of C++'s. */
const OUT_OF_MEMORY = /OOM when allocating|RESOURCE_EXHAUSTED|CUDA_ERROR_OUT_OF_MEMORY|out of memory|bad_alloc/i;
const UNSET = /Could not find variable (\S+)\. This could mean/;
const NODE = /\{\{(?:function_)?node ([^}]+)\}\}/g;

/** The error of a call of `program`: its code, the operation at fault with shapes and name, and TensorFlow's reason. */
export function callError(program: Program, cause: unknown): EngineError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const unset = UNSET.exec(text)?.[1];
  if (unset !== undefined) {
    return new EngineError('STATE', `state ${unset} has no value yet: call init or write it first`, { cause });
  }
  const nodes = [...text.matchAll(NODE)].flatMap(([, name = '']) => findNode(program, name) ?? []);
  const [reason = text] = text.replace(/^Session fail to run with error: /, '').split(/\n\s*\[\[|\n/);
  const where = nodes[0] ? placeOf(nodes[0]) : 'TensorFlow';
  return new EngineError(OUT_OF_MEMORY.test(text) ? 'OUT_OF_MEMORY' : 'NATIVE', `${where}: ${reason}`, { cause });
}

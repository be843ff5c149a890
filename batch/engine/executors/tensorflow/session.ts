/** Executes programs through the stock TF.js addon: one native call a call. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelTensorInfo, Tensor } from '@tensorflow/tfjs';
import { EngineError } from '../../errors.ts';
import type { Layout } from '../../lowering/functions.ts';
import type { Lowered } from '../../lowering/lower.ts';
import type { Program } from '../../program/program.ts';
import { encodeSavedModel, type TensorInfo } from '../../savedmodel/graphdef.ts';
import type { Session, TensorValue } from '../../session.ts';
import { type GraphSession, loweredSession } from '../lowered.ts';
import { StatusError } from '../status.ts';
import { ARRAYS, plainType } from '../values.ts';
import { type Addon, loadAddon } from './addon.ts';

/**
 * Opens a session on the addon of `nativeDir`. `workDir` is an existing or new folder for a file that lives only while
 * the session opens.
 *
 * @throws EngineError NATIVE where TensorFlow does not load or refuses the program.
 */
export function openTensorFlow(program: Program, nativeDir: string, workDir: string, layout: Layout = 'flat'): Session {
  const addon = loadAddon(nativeDir);
  return loweredSession(program, layout, (lowered) => graphSession(addon, loadGraph(addon, lowered, workDir)));
}

/** Number of the graph's session in the addon. */
function loadGraph({ backend }: Addon, lowered: Lowered, workDir: string): number {
  mkdirSync(workDir, { recursive: true });
  const folder = mkdtempSync(join(workDir, 'program-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(lowered, lowered.signatures));
    return orStatus(() => backend.loadSavedModelMetaGraph(folder, 'serve'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function graphSession({ tf, backend }: Addon, id: number): GraphSession {
  return {
    run(inputs, outputs) {
      const fed: Tensor[] = [];
      const fetched: Tensor[] = [];
      try {
        const infos: ModelTensorInfo[] = [];
        for (const [{ ref }, { dtype, shape, data }] of inputs) {
          const type = plainType(dtype);
          infos.push({ name: ref, dtype: type });
          fed.push(tf.tensor(apart(data), [...shape], type));
        }
        const refs = outputs.map(({ ref }) => ref);
        fetched.push(...orStatus(() => backend.runSavedModel(id, fed, infos, refs)));
        return outputs.map((output, index) => valueFrom(output, fetched[index]?.dataSync()));
      } finally {
        tf.dispose(fed);
        tf.dispose(fetched);
      }
    },
    handles: () => backend.getNumOfTFTensors() + backend.getNumOfSavedModels(),
    close: () => backend.deleteSavedModel(id),
  };
}

/**
 * A copy that TensorFlow copies once more. The addon lends it the memory of JavaScript where that lies on 64 bytes, a
 * variable keeps what is lent, writes into it, and gives it back on a thread that must not touch JavaScript: now and
 * then the process dies of it. Memory that begins an element late is never so aligned.
 */
function apart(data: TensorValue['data']): TensorValue['data'] {
  const memory = new ArrayBuffer(data.byteLength + data.BYTES_PER_ELEMENT);
  const Kind = data.constructor as new (memory: ArrayBuffer, offset: number) => typeof data;
  const copy = new Kind(memory, data.BYTES_PER_ELEMENT);
  copy.set(data);
  return copy;
}

/** The addon gives a status as an Error with its text and nothing else. */
function orStatus<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new StatusError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function valueFrom({ ref, dtype, shape }: TensorInfo, data: unknown): TensorValue {
  const type = plainType(dtype);
  if (!(data instanceof ARRAYS[type])) throw new EngineError('NATIVE', `${ref} is not ${dtype}`);
  return { dtype: type, shape, data };
}

/** Runs programs as SavedModels on TensorFlow's own kernels, through the stock TF.js backend; knows no model. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelTensorInfo, Tensor } from '@tensorflow/tfjs';
import { EngineError } from '../errors.ts';
import { type Lowered, lower, type StateAccess } from '../lowering/lower.ts';
import { fromWire, toWire, wireType } from '../lowering/wire.ts';
import type { Program } from '../program/program.ts';
import { sameShape, showShape } from '../program/shape.ts';
import type { TensorType } from '../program/tensor.ts';
import { encodeSavedModel, type TensorInfo } from '../savedmodel/graphdef.ts';
import type { Session, TensorValue } from '../session.ts';
import { loadNative, type Native, type NativePackage } from './native.ts';

export interface SessionOptions {
  /** Folder with TensorFlow's libraries and the addon. */
  readonly nativeDir: string;
  readonly pkg?: NativePackage;
  /** Existing or new folder for a file that lives only while the session opens. */
  readonly workDir: string;
}

/** Result types of a call that can leave the library; uint8 cannot. */
const FETCHED = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/**
 * Opens a session of a program. Its state is unset until `init` is called or all of it is written.
 *
 * @throws EngineError NATIVE where TensorFlow does not load or refuses the program.
 */
export function openSession(program: Program, { nativeDir, pkg, workDir }: SessionOptions): Session {
  const native = loadNative(nativeDir, pkg);
  const lowered = lower(program);
  const id = loadProgram(native, lowered, workDir);
  let open = true;
  const call = (inputs: readonly [TensorInfo, TensorValue][], outputs: readonly TensorInfo[]) => {
    if (!open) throw new EngineError('FEED', 'the session is closed');
    return run(native, id, inputs, outputs);
  };
  return {
    call(name, feeds = {}) {
      const signature = lowered.signatures[name];
      if (!signature)
        throw new EngineError('SIGNATURE', `no signature ${name}, only ${Object.keys(lowered.signatures)}`);
      const declared = program.signatures[name];
      const keys = Object.keys(signature.outputs);
      const inputs = bindFeeds(name, typed(signature.inputs, declared?.feeds), feeds);
      const values = call(inputs, Object.values(typed(signature.outputs, declared?.fetches)));
      return Object.fromEntries(keys.map((key, index) => [key, at(values, index)]));
    },
    read(names = [...lowered.state.keys()]) {
      if (names.length === 0) return new Map();
      const values = call(
        [],
        names.map((name) => infoOf(lowered, name, 'value')),
      );
      return new Map(names.map((name, index) => [name, at(values, index)]));
    },
    write(state) {
      if (state.size === 0) return;
      const inputs = [...state].map(([name, value]): [TensorInfo, TensorValue] => {
        const info = infoOf(lowered, name, 'next');
        const fitted = widened(info, value) ?? value;
        requireFit(`state ${name}`, info, fitted);
        return [info, fitted];
      });
      call(
        inputs,
        [...state.keys()].map((name) => infoOf(lowered, name, 'written')),
      );
    },
    handles: () => native.backend.getNumOfTFTensors(),
    close() {
      if (open) native.backend.deleteSavedModel(id);
      open = false;
    },
  };
}

/** References of a signature with the types that the program declares. */
function typed(
  infos: Readonly<Record<string, TensorInfo>>,
  types: Readonly<Record<string, TensorType>> = {},
): Record<string, TensorInfo> {
  return Object.fromEntries(
    Object.entries(types).map(([key, { dtype, shape }]) => [key, { ref: infos[key]?.ref ?? key, dtype, shape }]),
  );
}

function loadProgram({ backend }: Native, { nodes, signatures }: Lowered, workDir: string): number {
  mkdirSync(workDir, { recursive: true });
  const folder = mkdtempSync(join(workDir, 'program-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes, signatures));
    return backend.loadSavedModelMetaGraph(folder, 'serve');
  } catch (cause) {
    throw new EngineError('NATIVE', `TensorFlow refuses the program: ${String(cause)}`, { cause });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(
  { tf, backend }: Native,
  id: number,
  inputs: readonly [TensorInfo, TensorValue][],
  outputs: readonly TensorInfo[],
): TensorValue[] {
  const fed: Tensor[] = [];
  const infos: ModelTensorInfo[] = [];
  try {
    for (const [{ ref }, value] of inputs) {
      const { dtype, shape, data } = toWire(value);
      if (dtype !== 'float32' && dtype !== 'int32') throw new EngineError('FEED', `${ref}: ${dtype} cannot be fed`);
      infos.push({ name: ref, dtype });
      fed.push(tf.tensor(data, [...shape], dtype));
    }
    const fetched = backend.runSavedModel(
      id,
      fed,
      infos,
      outputs.map(({ ref }) => ref),
    );
    const values = fetched.map((tensor, index) => {
      const info = at(outputs, index);
      return fromWire(info, fetchedValue({ ...info, ...wireType(info) }, tensor.dataSync()));
    });
    tf.dispose(fetched);
    return values;
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('NATIVE', `TensorFlow: ${String(cause)}`, { cause });
  } finally {
    tf.dispose(fed);
  }
}

function fetchedValue({ ref, dtype, shape }: TensorInfo, data: unknown): TensorValue {
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new EngineError('FEED', `${ref}: ${dtype} cannot be fetched`);
  }
  if (!(data instanceof FETCHED[dtype])) throw new EngineError('NATIVE', `${ref} is not ${dtype}`);
  return { dtype, shape, data };
}

function bindFeeds(
  signature: string,
  wanted: Readonly<Record<string, TensorInfo>>,
  given: Readonly<Record<string, TensorValue>>,
): [TensorInfo, TensorValue][] {
  for (const key of Object.keys(given)) {
    if (!wanted[key]) throw new EngineError('FEED', `${signature} takes no ${key}, only ${Object.keys(wanted)}`);
  }
  return Object.entries(wanted).map(([key, info]) => {
    const value = widened(info, given[key]);
    if (!value) throw new EngineError('FEED', `${signature} needs ${key}`);
    requireFit(`${signature}'s ${key}`, info, value);
    return [info, value];
  });
}

/** A float32 value is taken for float64: nothing is lost. */
function widened({ dtype }: TensorInfo, value: TensorValue | undefined): TensorValue | undefined {
  if (dtype !== 'float64' || value?.dtype !== 'float32') return value;
  return { dtype, shape: value.shape, data: Float64Array.from(value.data) };
}

function requireFit(what: string, { dtype, shape }: TensorInfo, value: TensorValue): void {
  if (
    dtype !== value.dtype ||
    !sameShape(shape, value.shape) ||
    value.data.length !== shape.reduce((a, b) => a * b, 1)
  ) {
    const want = `${dtype} ${showShape(shape)}`;
    throw new EngineError(
      'FEED',
      `${what} is ${want}, not ${value.dtype} ${showShape(value.shape)} of ${value.data.length}`,
    );
  }
}

function infoOf({ state }: Lowered, name: string, way: 'value' | 'next' | 'written'): TensorInfo {
  const access: StateAccess | undefined = state.get(name);
  if (!access) throw new EngineError('FEED', `no state ${name} that a checkpoint holds`);
  if (way === 'written') return { ref: access.written, dtype: 'int32', shape: [] };
  return { ref: access[way], dtype: access.state.dtype, shape: access.state.shape };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new EngineError('NATIVE', `result ${index} is missing`);
  return item;
}

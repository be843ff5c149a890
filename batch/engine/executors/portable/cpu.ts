/** TF.js's kernels for plain JavaScript, called one by one and freed by hand; knows no program. */
import * as tf from '@tensorflow/tfjs';
import { EngineError } from '../../errors.ts';
import type { DType, Shape, TensorType } from '../../program/tensor.ts';

/** A counted reference to numbers that never change. */
export type Value = tf.TensorInfo;

export type Numbers = Float32Array | Int32Array | Uint8Array;

/** Inputs by the names that a kernel of TF.js has for them; a list where it takes any number. */
type Inputs = Readonly<Record<string, Value>> | readonly Value[];

export type Attributes = Readonly<Record<string, unknown>>;

/**
 * The backend's kernels, beside the backend that TF.js has chosen for itself: neither its scopes nor its gradients are
 * involved. Whoever makes a value frees it.
 */
export interface Cpu {
  /** Takes over `numbers`. */
  make(type: TensorType, numbers: Numbers): Value;
  /** The numbers themselves: to be read only. */
  numbers(value: Value): Numbers;
  run(kernel: string, inputs: Inputs, attributes?: Attributes): Value;
  /** One more reference to the same numbers. */
  share(value: Value): Value;
  free(value: Value): void;
  /** Arrays alive, of all who use the backend. */
  count(): number;
}

/** TF.js has no bytes: they are kept as integers. */
const STORED = { float32: 'float32', int32: 'int32', uint8: 'int32', bool: 'bool' } as const;
const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export function openCpu(): Cpu {
  // Otherwise the backend recommends another one on stderr.
  tf.enableProdMode();
  const backend = tf.findBackend('cpu');
  if (!backend) throw new EngineError('NATIVE', 'TF.js comes without its backend cpu');
  return {
    make: ({ dtype, shape }, numbers) => {
      const stored = storedType(dtype);
      const kept = numbers instanceof ARRAYS[stored] ? numbers : ARRAYS[stored].from(numbers);
      return { dataId: backend.write(kept, [...shape], stored), shape: [...shape], dtype: stored };
    },
    numbers: ({ dataId }) => backend.readSync(dataId) as Numbers,
    run(kernel, inputs, attributes = {}) {
      const found = tf.getKernel(kernel, 'cpu');
      if (!found) throw new EngineError('NATIVE', `TF.js has no kernel ${kernel}`);
      const made = found.kernelFunc({
        inputs: inputs as tf.NamedTensorInfoMap,
        attrs: attributes as tf.NamedAttrMap,
        backend,
      });
      return Array.isArray(made) ? one(made, kernel) : made;
    },
    share(value) {
      backend.incRef(value.dataId);
      return { ...value };
    },
    free: ({ dataId }) => {
      backend.disposeData(dataId);
    },
    count: () => backend.numDataIds(),
  };
}

/** The element type under which TF.js keeps one of a program. */
export function storedType(dtype: DType): keyof typeof ARRAYS {
  if (dtype === 'float64') throw new EngineError('DTYPE', 'the portable executor has no float64: check on TensorFlow');
  if (dtype === 'bfloat16') {
    throw new EngineError('DTYPE', 'the portable executor has no bfloat16: compute in FP32, or on TensorFlow');
  }
  return STORED[dtype];
}

/** The same elements under another shape, as a reference of its own. */
export const reshaped = (cpu: Pick<Cpu, 'run'>, x: Value, shape: Shape): Value => cpu.run('Reshape', { x }, { shape });

function one(made: readonly Value[], kernel: string): Value {
  const [value, ...more] = made;
  if (value === undefined || more.length > 0) throw new EngineError('NATIVE', `${kernel} has not one result`);
  return value;
}

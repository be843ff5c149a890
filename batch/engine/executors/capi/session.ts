/** Executes programs through TensorFlow's C API: the library of the stock addon, where nothing could be compiled. */
import { EngineError } from '../../errors.ts';
import type { Layout } from '../../lowering/functions.ts';
import type { Program } from '../../program/program.ts';
import { encodeGraph, type TensorInfo } from '../../savedmodel/graphdef.ts';
import { TYPE_NUMBERS } from '../../savedmodel/nodedef.ts';
import type { Session, TensorValue } from '../../session.ts';
import { type GraphSession, loweredSession } from '../lowered.ts';
import { ARRAYS, plainType } from '../values.ts';
import { type CApi, loadLibrary, orStatus, type Pointer } from './library.ts';
import { bufferBytes, type KernelRun, kernelRunsOf, TRACED } from './trace.ts';

/** Output `index` of an operation of a graph: TF_Output. */
interface Output {
  readonly oper: Pointer;
  readonly index: number;
}

/** Tensors and sessions that exist. */
let alive = 0;

/** Is told, after each call, what it has run. */
export type Tracer = (kernels: readonly KernelRun[]) => void;

/**
 * Opens a session on the libraries of `nativeDir`. With a `tracer` its calls take some percent longer.
 *
 * @throws EngineError NATIVE where TensorFlow does not load or refuses the program.
 */
export function openCapi(
  program: Program,
  nativeDir: string,
  layout: Layout = 'flat',
  tracer: Tracer | null = null,
): Session {
  const c = loadLibrary(nativeDir);
  return loweredSession(program, layout, (lowered) => {
    const graph = c.TF_NewGraph();
    try {
      importGraph(c, graph, encodeGraph(lowered));
      return graphSession(c, graph, newSession(c, graph), tracer);
    } catch (error) {
      c.TF_DeleteGraph(graph);
      throw error;
    }
  });
}

function importGraph(c: CApi, graph: Pointer, graphDef: Uint8Array): void {
  const buffer = c.TF_NewBufferFromString(graphDef, graphDef.length);
  const options = c.TF_NewImportGraphDefOptions();
  try {
    orStatus(c, (status) => c.TF_GraphImportGraphDef(graph, buffer, options, status));
  } finally {
    c.TF_DeleteImportGraphDefOptions(options);
    c.TF_DeleteBuffer(buffer);
  }
}

/** Threads, devices and oneDNN are as the environment of the process says, for the stock addon as well as here. */
function newSession(c: CApi, graph: Pointer): Pointer {
  const options = c.TF_NewSessionOptions();
  try {
    const session = orStatus(c, (status) => c.TF_NewSession(graph, options, status));
    alive++;
    return session;
  } finally {
    c.TF_DeleteSessionOptions(options);
  }
}

function graphSession(c: CApi, graph: Pointer, session: Pointer, tracer: Tracer | null): GraphSession {
  const known = new Map<string, Output>();
  const outputOf = ({ ref }: TensorInfo): Output => {
    const output = known.get(ref) ?? findOutput(c, graph, ref);
    known.set(ref, output);
    return output;
  };
  return {
    run(inputs, outputs) {
      const [from, to] = [inputs.map(([info]) => outputOf(info)), outputs.map(outputOf)];
      const fed: Pointer[] = [];
      const fetched: Pointer[] = to.map(() => null);
      const [options, metadata] = tracer ? [c.TF_NewBufferFromString(TRACED, TRACED.length), c.TF_NewBuffer()] : [];
      try {
        for (const [info, value] of inputs) fed.push(newTensor(c, info, value));
        orStatus(c, (status) =>
          c.TF_SessionRun(
            ...[session, options ?? null],
            ...[from, fed, from.length],
            ...[to, fetched, to.length],
            ...[[], 0, metadata ?? null, status],
          ),
        );
        alive += to.length;
        if (metadata) tracer?.(kernelRunsOf(bufferBytes(c, metadata)));
        return outputs.map((info, index) => copied(c, info, fetched[index] ?? null));
      } finally {
        for (const tensor of [...fed, ...fetched]) deleteTensor(c, tensor);
        for (const buffer of [options, metadata]) if (buffer) c.TF_DeleteBuffer(buffer);
      }
    },
    handles: () => alive,
    close() {
      orStatus(c, (status) => c.TF_CloseSession(session, status));
      orStatus(c, (status) => c.TF_DeleteSession(session, status));
      c.TF_DeleteGraph(graph);
      alive--;
    },
  };
}

function findOutput(c: CApi, graph: Pointer, ref: string): Output {
  const [name = ref, index = '0'] = ref.split(':');
  const oper = c.TF_GraphOperationByName(graph, name);
  if (oper === null) throw new EngineError('NATIVE', `the graph has no ${name}`);
  return { oper, index: Number(index) };
}

function newTensor(c: CApi, { dtype, shape }: TensorInfo, { data }: TensorValue): Pointer {
  const tensor = c.TF_AllocateTensor(TYPE_NUMBERS[dtype], [...shape], shape.length, data.byteLength);
  if (tensor === null) throw new EngineError('OUT_OF_MEMORY', `${data.byteLength} bytes to feed cannot be had`);
  alive++;
  c.memcpy(c.TF_TensorData(tensor), data, data.byteLength);
  return tensor;
}

/** A copy: a tensor's memory goes back to the library with it. */
function copied(c: CApi, { dtype, shape }: TensorInfo, tensor: Pointer): TensorValue {
  const type = plainType(dtype);
  const bytes = new Uint8Array(c.TF_TensorByteSize(tensor));
  c.memcpy(bytes, c.TF_TensorData(tensor), bytes.length);
  return { dtype: type, shape, data: new ARRAYS[type](bytes.buffer) };
}

function deleteTensor(c: CApi, tensor: Pointer): void {
  if (tensor === null) return;
  c.TF_DeleteTensor(tensor);
  alive--;
}

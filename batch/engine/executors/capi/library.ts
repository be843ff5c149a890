/** TensorFlow's C API as far as a session needs it, called from JavaScript by koffi; knows no program. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EngineError } from '../../errors.ts';
import { giveBackLoadingPages } from '../loading-pages.ts';
import { LIBRARIES, takeFolder } from '../native-folder.ts';
import { StatusError } from '../status.ts';

const require = createRequire(import.meta.url);

/** An address; null points nowhere. */
export type Pointer = bigint | null;

/** As c_api.h and string.h have them. */
const DECLARATIONS = {
  TF_Version: 'const char* TF_Version()',

  TF_NewStatus: 'void* TF_NewStatus()',
  TF_DeleteStatus: 'void TF_DeleteStatus(void*)',
  TF_GetCode: 'int TF_GetCode(const void*)',
  TF_Message: 'const char* TF_Message(const void*)',

  TF_NewBufferFromString: 'void* TF_NewBufferFromString(const void*, size_t)',
  TF_NewBuffer: 'void* TF_NewBuffer()',
  TF_DeleteBuffer: 'void TF_DeleteBuffer(void*)',

  TF_AllocateTensor: 'void* TF_AllocateTensor(int, const int64_t*, int, size_t)',
  TF_DeleteTensor: 'void TF_DeleteTensor(void*)',
  TF_TensorData: 'void* TF_TensorData(const void*)',
  TF_TensorByteSize: 'size_t TF_TensorByteSize(const void*)',
  memcpy: 'void* memcpy(void*, const void*, size_t)',

  TF_NewGraph: 'void* TF_NewGraph()',
  TF_DeleteGraph: 'void TF_DeleteGraph(void*)',
  TF_NewImportGraphDefOptions: 'void* TF_NewImportGraphDefOptions()',
  TF_DeleteImportGraphDefOptions: 'void TF_DeleteImportGraphDefOptions(void*)',
  TF_GraphImportGraphDef: 'void TF_GraphImportGraphDef(void*, const void*, const void*, void*)',
  TF_GraphOperationByName: 'void* TF_GraphOperationByName(void*, const char*)',

  TF_NewSessionOptions: 'void* TF_NewSessionOptions()',
  TF_DeleteSessionOptions: 'void TF_DeleteSessionOptions(void*)',
  TF_NewSession: 'void* TF_NewSession(void*, const void*, void*)',
  TF_CloseSession: 'void TF_CloseSession(void*, void*)',
  TF_DeleteSession: 'void TF_DeleteSession(void*, void*)',
  TF_SessionRun:
    'void TF_SessionRun(void*, const void*, const TF_Output*, const void**, int, const TF_Output*, _Out_ void**, int, const void**, int, void*, void*)',

  TF_SessionListDevices: 'void* TF_SessionListDevices(void*, void*)',
  TF_DeleteDeviceList: 'void TF_DeleteDeviceList(void*)',
  TF_DeviceListCount: 'int TF_DeviceListCount(const void*)',
  TF_DeviceListType: 'const char* TF_DeviceListType(const void*, int, void*)',
} as const;

type Result<Declaration> = Declaration extends `void* ${string}`
  ? Pointer
  : Declaration extends `const char* ${string}`
    ? string
    : Declaration extends `void ${string}`
      ? undefined
      : number;

/** The functions by name. koffi checks arguments: typed arrays and arrays stand for pointers to their elements. */
export type CApi = {
  readonly [F in keyof typeof DECLARATIONS]: (...parameters: unknown[]) => Result<(typeof DECLARATIONS)[F]>;
};

/** What is used of koffi. */
interface Koffi {
  struct(name: string, members: Readonly<Record<string, string>>): unknown;
  load(path: string | null): { func(declaration: string): (...parameters: unknown[]) => unknown };
}

let loaded: CApi | null = null;

/**
 * Loads TensorFlow's libraries of `folder`, once a process.
 *
 * @throws EngineError NATIVE where they are missing or do not load, or another folder's are loaded already.
 */
export function loadLibrary(folder: string): CApi {
  const path = takeFolder(folder, LIBRARIES);
  try {
    if (loaded) return loaded;
    loaded = load(LIBRARIES.map((file) => join(path, file)));
    giveBackLoadingPages();
    return loaded;
  } catch (cause) {
    throw new EngineError('NATIVE', `TensorFlow in ${path} does not load: npm start -- doctor explains it`, { cause });
  }
}

function load(files: readonly string[]): CApi {
  const koffi: Koffi = require('koffi');
  const system = koffi.load(null);
  pin(system, files);
  koffi.struct('TF_Output', { oper: 'void*', index: 'int' });
  // Its functions lie in both libraries; each is found through the last, which names the others as its own.
  const library = koffi.load(files.at(-1) ?? null);
  const functions = Object.entries(DECLARATIONS).map(([name, declaration]) => [name, library.func(declaration)]);
  return Object.fromEntries(functions) as CApi;
}

/** RTLD_NOW | RTLD_NODELETE of dlfcn.h. */
const FOR_EVER = 2 | 0x1000;

/** koffi unloads its libraries when the process ends, and TensorFlow does not survive that: they are loaded for good. */
function pin(system: ReturnType<Koffi['load']>, files: readonly string[]): void {
  const dlopen = system.func('void* dlopen(const char*, int)');
  const dlerror = system.func('const char* dlerror()');
  for (const file of files) if (dlopen(file, FOR_EVER) === null) throw new Error(String(dlerror()));
}

/**
 * The result of a function that reports through a status, which is one of its own: one that two calls share would be
 * overwritten.
 *
 * @throws StatusError with the library's message
 */
export function orStatus<T>(c: CApi, call: (status: Pointer) => T): T {
  const status = c.TF_NewStatus();
  try {
    const result = call(status);
    if (c.TF_GetCode(status) !== 0) throw new StatusError(c.TF_Message(status));
    return result;
  } finally {
    c.TF_DeleteStatus(status);
  }
}

/** Whether a session of this process computes on a GPU. */
export function usesGpu(c: CApi): boolean {
  const graph = c.TF_NewGraph();
  const options = c.TF_NewSessionOptions();
  const session = orStatus(c, (status) => c.TF_NewSession(graph, options, status));
  try {
    const devices = orStatus(c, (status) => c.TF_SessionListDevices(session, status));
    const count = c.TF_DeviceListCount(devices);
    const types = Array.from({ length: count }, (_, index) =>
      orStatus(c, (status) => c.TF_DeviceListType(devices, index, status)),
    );
    c.TF_DeleteDeviceList(devices);
    return types.includes('GPU');
  } finally {
    orStatus(c, (status) => c.TF_DeleteSession(session, status));
    c.TF_DeleteSessionOptions(options);
    c.TF_DeleteGraph(graph);
  }
}

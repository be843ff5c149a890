/**
 * Tiny shared libraries in the place of TensorFlow's and NVIDIA's, which lead the loader as the real ones do: by the names they need
 * and the search paths they carry (read off the pinned wheels by `readelf -d`). They compute nothing.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TENSORFLOW_VERSION } from '../wheels.mjs';

interface Library {
  /** Folder of the wheel. */
  readonly part: string;
  readonly name: string;
  readonly needs?: readonly string[];
  readonly search?: string;
}

/** NVIDIA's, each after those it needs. */
const NVIDIA: readonly Library[] = [
  { part: 'cuda_runtime', name: 'libcudart.so.12' },
  { part: 'cuda_cupti', name: 'libcupti.so.12' },
  { part: 'cuda_nvrtc', name: 'libnvrtc.so.12', search: '$ORIGIN' },
  { part: 'nccl', name: 'libnccl.so.2' },
  { part: 'nvjitlink', name: 'libnvJitLink.so.12' },
  { part: 'cublas', name: 'libcublasLt.so.12', search: '$ORIGIN' },
  { part: 'cublas', name: 'libcublas.so.12', needs: ['libcublasLt.so.12'], search: '$ORIGIN' },
  { part: 'cufft', name: 'libcufft.so.11', search: '$ORIGIN:$ORIGIN/../../nvjitlink/lib' },
  {
    part: 'cusparse',
    name: 'libcusparse.so.12',
    needs: ['libnvJitLink.so.12'],
    search: '$ORIGIN:$ORIGIN/../../nvjitlink/lib',
  },
  {
    part: 'cusolver',
    name: 'libcusolver.so.11',
    needs: ['libnvJitLink.so.12', 'libcusparse.so.12', 'libcublas.so.12', 'libcublasLt.so.12'],
    search: '$ORIGIN:$ORIGIN/../../cublas/lib:$ORIGIN/../../nvjitlink/lib:$ORIGIN/../../cusparse/lib',
  },
  { part: 'cudnn', name: 'libcudnn.so.9', search: '$ORIGIN:$ORIGIN/../../cublas/lib:$ORIGIN/../../nvrtc/lib' },
];

/** The parts that the search path of `libtensorflow_framework.so.2` names. That of `libtensorflow_cc.so.2` names cusolver alone. */
const SEARCHED = ['nccl', 'cuda_cupti', 'cublas', 'cudnn', 'cufft', 'cusparse', 'cuda_runtime', 'nvshmem'];

/** What opens a library by its name, and says what the loader said where it is not found. */
const OPENER = `
#include <dlfcn.h>
const char *problem(const char *name) { return dlopen(name, RTLD_NOW) ? "" : dlerror(); }`;

/** The libraries that TensorFlow opens by name, all from `libtensorflow_framework.so.2`. */
export const OPENED_BY_TENSORFLOW = [
  ...['libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12', 'libcufft.so.11', 'libcusolver.so.11'],
  ...['libcusparse.so.12', 'libcudnn.so.9', 'libnccl.so.2', 'libcupti.so.12'],
];

export interface StandIns {
  /** `libtensorflow_framework.so.2` and `libtensorflow_cc.so.2`, by name. */
  readonly tensorflow: Readonly<Record<string, Buffer>>;
  /** NVIDIA's, by the path in their wheel. */
  readonly nvidia: Readonly<Record<string, Buffer>>;
}

/** Compiles them in `folder`. */
export function compileStandIns(compiler: string, folder: string): StandIns {
  const compile = ({ name, needs = [], search }: Omit<Library, 'part'>, code: string): Buffer => {
    const source = join(folder, `${name}.c`);
    writeFileSync(source, code);
    const { status, stderr } = spawnSync(
      compiler,
      [
        ...['-x', 'c', '-shared', '-fPIC', source, '-x', 'none', `-Wl,-soname,${name}`, '-Wl,--no-as-needed'],
        ...(search ? ['-Wl,--enable-new-dtags', `-Wl,-rpath,${search}`] : []),
        ...[
          ...needs.map((other) => join(folder, other)),
          `-Wl,-rpath-link,${folder}`,
          '-ldl',
          '-o',
          join(folder, name),
        ],
      ],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    return readFileSync(join(folder, name));
  };
  const search = SEARCHED.map((part) => `$ORIGIN/../../nvidia/${part}/lib:$ORIGIN/../nvidia/${part}/lib`).join(':');
  const framework = compile({ name: 'libtensorflow_framework.so.2', search }, OPENER);
  const cc = compile(
    {
      name: 'libtensorflow_cc.so.2',
      needs: ['libtensorflow_framework.so.2'],
      search: '$ORIGIN/:$ORIGIN/../nvidia/cusolver/lib',
    },
    `const char *TF_Version(void) { return "${TENSORFLOW_VERSION}"; }`,
  );
  return {
    tensorflow: { 'libtensorflow_framework.so.2': framework, 'libtensorflow_cc.so.2': cc },
    nvidia: Object.fromEntries(
      NVIDIA.map((library) => [`nvidia/${library.part}/lib/${library.name}`, compile(library, OPENER)]),
    ),
  };
}

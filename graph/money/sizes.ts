/** The machines that Ganway rents, one a size; knows neither prices nor who rents them out. */

export interface Size {
  /** What a training names, and the end of its job definition's name; an instance type with a hyphen for the dot. */
  readonly id: string;
  readonly instanceType: string;
  readonly vcpus: number;
  /** Of the whole instance, MiB; a container gets what {@link RESERVED_MB} leaves. */
  readonly memoryMb: number;
  readonly gpus: number;
  /** Of one GPU, MiB; 0 where there is none. */
  readonly gpuMemoryMb: number;
}

/** What the operating system and the agent of an instance keep for themselves, MiB: AWS asks to leave about 1 GiB. */
export const RESERVED_MB = 1024;

/**
 * Smallest first. One size is one instance of its own: a trainer takes the whole machine, so that nobody else's work moves
 * its step time. G4dn has a T4, G5 an A10G, G6 an L4, G6e an L40S; TensorFlow's library has kernels for all four.
 */
export const SIZES: readonly Size[] = [
  { id: 'm7i-large', instanceType: 'm7i.large', vcpus: 2, memoryMb: 8192, gpus: 0, gpuMemoryMb: 0 },
  { id: 'g4dn-xlarge', instanceType: 'g4dn.xlarge', vcpus: 4, memoryMb: 16384, gpus: 1, gpuMemoryMb: 16384 },
  { id: 'g6-xlarge', instanceType: 'g6.xlarge', vcpus: 4, memoryMb: 16384, gpus: 1, gpuMemoryMb: 24576 },
  { id: 'g5-xlarge', instanceType: 'g5.xlarge', vcpus: 4, memoryMb: 16384, gpus: 1, gpuMemoryMb: 24576 },
  { id: 'g6e-xlarge', instanceType: 'g6e.xlarge', vcpus: 4, memoryMb: 32768, gpus: 1, gpuMemoryMb: 49152 },
];

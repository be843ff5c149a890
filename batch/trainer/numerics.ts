/** The fingerprint of everything that may change the last bits of a result on this machine. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TrainSpec } from '../../graph/spec/spec.ts';
import type { Numerics } from '../protocol.ts';
import { numericFlags } from '../trainer-environment.ts';

/** Instruction sets by which TensorFlow and oneDNN choose their kernels, widest first. */
const CHOICES = ['amx_bf16', 'avx512_bf16', 'avx512_vnni', 'avx512f', 'avx_vnni', 'avx2', 'avx', 'asimd'] as const;

/**
 * Numerics of a training of this spec here.
 *
 * @param library name of the folder of the native TensorFlow, e.g. `tensorflow-cpu-2.21.0`
 */
export function numericsOf(spec: TrainSpec, library: string, device = 'cpu'): Numerics {
  return {
    executor: 'tensorflow',
    library: basename(library),
    device,
    instructionSet: instructionSet(),
    threads: spec.resources.threads,
    precision: 'float32',
    flags: numericFlags(spec.resources),
  };
}

/** Names of the items that differ, in the order of {@link Numerics}. */
export function differing(a: Numerics, b: Numerics): string[] {
  const names = ['executor', 'library', 'device', 'instructionSet', 'threads', 'precision', 'flags'] as const;
  return names.filter((name) => String(a[name]) !== String(b[name]));
}

/** All of {@link CHOICES} that the processor has, or its architecture where the system does not say. */
function instructionSet(): string {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    const flags = new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/));
    return CHOICES.filter((choice) => flags.has(choice)).join('+') || process.arch;
  } catch {
    return process.arch;
  }
}

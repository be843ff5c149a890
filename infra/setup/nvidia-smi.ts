/** What `nvidia-smi` says of the GPUs of a machine; knows no TensorFlow. */
import { findProgram, runProgram } from './command.mjs';

export interface GpuDevice {
  readonly name: string;
  readonly driver: string;
  /** Mebibytes; null where the device does not say. */
  readonly memoryMb: number | null;
  readonly freeMb: number | null;
  /** Major and minor number of the compute capability, as `9.0`; null where the device does not say. */
  readonly capability: string | null;
}

/** `failed`: there is an nvidia-smi, but what it says is no list of devices. */
export type SmiAnswer =
  | { readonly kind: 'devices'; readonly devices: readonly GpuDevice[] }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'absent' };

/** Fields of `nvidia-smi --help-query-gpu`. */
const FIELDS = 'name,driver_version,memory.total,memory.free,compute_cap';

/** Asks the `nvidia-smi` on PATH. */
export async function askNvidiaSmi(): Promise<SmiAnswer> {
  const program = findProgram('nvidia-smi');
  if (!program) return { kind: 'absent' };
  const { ok, tail } = await runProgram(program, [`--query-gpu=${FIELDS}`, '--format=csv,noheader']);
  return readSmi(ok, tail);
}

/** The answer to {@link FIELDS} with `--format=csv,noheader`, one line a device. `ended`: the program ended well. */
export function readSmi(ended: boolean, text: string): SmiAnswer {
  const devices = text.split('\n').flatMap(readDevice);
  return ended && devices.length > 0 ? { kind: 'devices', devices } : { kind: 'failed', message: text.trim() };
}

/** What a device does not tell it calls `[N/A]` or `[Not Supported]`. */
function readDevice(line: string): GpuDevice[] {
  const [, name, driver = '', ...rest] = /^(.+), (\d[\d.]*), ([^,]+), ([^,]+), ([^,]+)$/.exec(line.trim()) ?? [];
  if (name === undefined) return [];
  const [memoryMb, freeMb] = rest.map((field) => Number(/^(\d+) MiB$/.exec(field)?.[1] ?? Number.NaN));
  const capability = /^\d+\.\d+$/.exec(rest[2] ?? '')?.[0] ?? null;
  return [{ name, driver, memoryMb: numberOrNull(memoryMb), freeMb: numberOrNull(freeMb), capability }];
}

const numberOrNull = (value = Number.NaN): number | null => (Number.isNaN(value) ? null : value);

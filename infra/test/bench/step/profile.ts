/** What Ganway's step of a workload consists of, by operation and by layer; the figures are TensorFlow's own. */
import { execFileSync } from 'node:child_process';
import type { KernelShare } from '../../../../batch/engine/bench/attribution.ts';
import { trainerEnvironment } from '../../../../batch/protocol/environment.ts';
import type { Workload } from '../../peers/workload.ts';
import { bundled } from './bundled.ts';
import type { Traced } from './kernels.ts';
import type { Report } from './report.ts';

const STEPS = 20;

/** Kernels together. */
export interface ProfileRow {
  readonly op: string;
  /** Empty where all layers are together. */
  readonly layer: string;
  /** Of one result, empty likewise. */
  readonly shape: string;
  /** Kernels in a step. */
  readonly count: number;
  /** In a step. Kernels on two threads run at once: the sum is more than the step. */
  readonly ms: number;
  /** Of the time of all kernels. */
  readonly share: number;
  /** 10⁹ floating-point operations a second. */
  readonly gflops: number;
}

/** Traces steps in a process of their own, and reports them. */
export async function profile({ name }: Workload, nativeDir: string, threads: number, report: Report): Promise<void> {
  report.note(`${name}: ${STEPS} steps are traced …`);
  const env = { ...process.env, ...trainerEnvironment({ threads, gpus: 0, memoryMb: 0 }) };
  const args = [await bundled('kernels'), nativeDir, name, String(STEPS)];
  const text = execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const { milliseconds, shares }: Traced = JSON.parse(text);
  report.profiled(
    name,
    milliseconds,
    profileRows(shares, ({ op }) => ({ op })),
    profileRows(shares, keyOf),
  );
}

const keyOf = ({ op, layer, shape }: KernelShare) => ({ op, layer, shape: shape.join('×') });

/** Shares together by what `key` says of them, the longest first. */
export function profileRows(
  shares: readonly KernelShare[],
  key: (share: KernelShare) => Pick<ProfileRow, 'op'> & Partial<Pick<ProfileRow, 'layer' | 'shape'>>,
): readonly ProfileRow[] {
  const all = shares.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const groups = new Map<string, KernelShare[]>();
  for (const share of shares) {
    const text = JSON.stringify(key(share));
    groups.set(text, [...(groups.get(text) ?? []), share]);
  }
  const rows = [...groups.values()].map((group): ProfileRow => {
    const sum = (of: (share: KernelShare) => number) => group.reduce((total, share) => total + of(share), 0);
    const ms = sum(({ milliseconds }) => milliseconds);
    const named = group[0] ? key(group[0]) : { op: '' };
    const flops = sum((share) => share.flops);
    return {
      layer: '',
      shape: '',
      ...named,
      count: sum(({ count }) => count),
      ms,
      share: ms / all,
      gflops: flops / ms / 1e6,
    };
  });
  return rows.toSorted((a, b) => b.ms - a.ms);
}

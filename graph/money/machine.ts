/** What a run may be computed on and what that costs: a rented machine of a size, or a slot; knows no table and no region. */
import { RESERVED_MB, type Size } from './sizes.ts';

export interface Price {
  /** US dollars an hour, above 0. */
  readonly usdPerHour: number;
  /** The day of the price, `YYYY-MM-DD`. */
  readonly pricedAt: string;
}

/** A size, at one of its two prices. */
export interface Machine extends Price {
  readonly size: Size;
  /** Cheaper, and may be taken away at any time. */
  readonly spot: boolean;
}

/** What a server has to offer its runs. */
export interface Money {
  /** What trainings may rent; empty where the queue has slots of one kind only. */
  readonly machines: readonly Machine[];
  /** What tasks that are no trainings run on; null where they take a slot. */
  readonly tasks: Machine | null;
  /** What a slot costs, US dollars; null: nothing. */
  readonly slotUsdPerHour: number | null;
}

/** A machine of one's own. */
export const FREE: Money = { machines: [], tasks: null, slotUsdPerHour: null };

/** What a container has of a machine's memory, MiB. */
export const containerMemory = ({ memoryMb }: Size): number => memoryMb - RESERVED_MB;

/**
 * Floating-point operations a second that a training step of Ganway's sustains on each size: rough shares of the peak in
 * single precision (a fifth on a GPU, a third on a core), of which no GPU's is measured yet. Estimates that rest on them
 * are wide.
 */
export const SUSTAINED_FLOPS: Readonly<Record<string, number>> = {
  'm7i-large': 6e10,
  'g4dn-xlarge': 1.6e12,
  'g6-xlarge': 5e12,
  'g5-xlarge': 6e12,
  'g6e-xlarge': 15e12,
};

/** What a given amount of computing costs on a machine, to compare machines by; needs no training. */
export function pricePerFlop({ size, usdPerHour }: Machine): number {
  return usdPerHour / (SUSTAINED_FLOPS[size.id] ?? 1);
}

/** The machine that the resources of a spec name; null where it is not on offer. */
export function machineOf(
  { machines }: Pick<Money, 'machines'>,
  { instanceType, spot }: { readonly instanceType: string | null; readonly spot: boolean | null },
): Machine | null {
  return machines.find((machine) => machine.size.instanceType === instanceType && machine.spot === spot) ?? null;
}

/** Where a training may run: a slot of the queue, or every rented machine that is large enough; knows no estimate and no storage. */
import type { Settings } from '../ganway.ts';
import { containerMemory, type Machine, pricePerFlop } from '../money/machine.ts';
import type { TrainingInput } from './input.ts';
import { type Collector, nearest } from './issues.ts';
import { precisionOn, refusePrecision } from './precision.ts';
import type { TrainSpec } from './spec.ts';

type ResourcesInput = NonNullable<TrainingInput['resources']>;

/** Somewhere a training may run, and what its spec says then. */
export interface Place {
  /** Null: a slot of the queue. */
  readonly machine: Machine | null;
  readonly resources: TrainSpec['resources'];
}

/**
 * The places that an input allows, the best first: machines with a GPU before those without, then the one that computes
 * most for its money. Empty where there is none, which is reported as every other problem.
 */
export function resolvePlaces(
  check: Collector,
  input: ResourcesInput,
  slot: Settings['slot'],
  machines: readonly Machine[],
): Place[] {
  const before = check.issues.length;
  const allowed = machines.length === 0 ? [slotPlace(check, input, slot)] : allowedMachines(check, input, machines);
  const most = (of: (place: Place) => number) => Math.max(1, ...allowed.map(of));
  const threads = input.threads ?? null;
  check.number(['resources', 'threads'], threads, {
    fallback: 1,
    min: 1,
    max: most((place) => place.resources.threads),
    integer: true,
  });
  const memoryMb = input.memoryMb ?? null;
  check.number(['resources', 'memoryMb'], memoryMb, {
    fallback: 512,
    min: 512,
    max: most((place) => place.resources.memoryMb),
    integer: true,
  });
  const enough = allowed.filter(
    ({ resources }) => (threads ?? 1) <= resources.threads && (memoryMb ?? 1) <= resources.memoryMb,
  );
  if (enough.length === 0 && check.issues.length === before) {
    check.add(['resources'], 'UNKNOWN_MACHINE', 'No machine here has so many threads and so much memory.');
  }
  const places = enough.flatMap(({ machine, resources }) => {
    const precision = precisionOn(resources.gpus, input.precision);
    const asked = { threads: threads ?? resources.threads, memoryMb: memoryMb ?? resources.memoryMb };
    return precision === null ? [] : [{ machine, resources: { ...resources, ...asked, precision } }];
  });
  if (places.length === 0 && enough.length > 0) refusePrecision(check);
  return places;
}

function slotPlace(check: Collector, { instanceType, spot }: ResourcesInput, slot: Settings['slot']): Place {
  const message = 'This server has slots of one kind and no machines to choose from. Leave it out.';
  if (instanceType != null) check.add(['resources', 'instanceType'], 'UNKNOWN_MACHINE', message);
  if (spot != null) check.add(['resources', 'spot'], 'UNKNOWN_MACHINE', message);
  return { machine: null, resources: { ...slot, instanceType: null, spot: null } };
}

function allowedMachines(check: Collector, input: ResourcesInput, machines: readonly Machine[]): Place[] {
  const { instanceType, spot } = input;
  const named = machines.filter(({ size }) => instanceType == null || size.instanceType === instanceType);
  if (instanceType != null && named.length === 0) {
    const types = [...new Set(machines.map(({ size }) => size.instanceType))];
    const near = nearest(instanceType, types);
    const hint = near ? ` Did you mean "${near}"?` : ` There are: ${types.join(', ')}.`;
    check.add(['resources', 'instanceType'], 'UNKNOWN_MACHINE', `There is no machine "${instanceType}" here.${hint}`);
    return [];
  }
  const allowed = named.filter((machine) => spot == null || machine.spot === spot);
  if (allowed.length === 0) {
    const message = `This server has ${spot ? 'no spot machines' : 'spot machines only'}. Leave spot out.`;
    check.add(['resources', 'spot'], 'UNKNOWN_MACHINE', message);
  }
  const gpuFirst = (a: Machine, b: Machine) => Number(b.size.gpus > 0) - Number(a.size.gpus > 0);
  return allowed
    .toSorted((a, b) => gpuFirst(a, b) || pricePerFlop(a) - pricePerFlop(b))
    .map((machine) => ({
      machine,
      resources: {
        threads: machine.size.vcpus,
        gpus: machine.size.gpus,
        memoryMb: containerMemory(machine.size),
        instanceType: machine.size.instanceType,
        spot: machine.spot,
      },
    }));
}

/**
 * The places that hold a training of so much memory (MiB; null: not known), in their order. On a machine with a GPU all
 * of it may have to be in the GPU's own. Where there is none, the problem is reported.
 */
export function fitPlaces(check: Collector, places: readonly Place[], neededMb: number | null): Place[] {
  const room = ({ machine, resources: { memoryMb } }: Place) =>
    machine && machine.size.gpus > 0 ? Math.min(memoryMb, machine.size.gpuMemoryMb) : memoryMb;
  const fitting = places.filter((place) => neededMb === null || neededMb <= room(place));
  if (fitting.length === 0 && neededMb !== null) {
    const largest = Math.max(...places.map(room));
    const where = places.some(({ machine }) => machine) ? 'the largest machine for it' : 'its slot';
    check.add(
      ['batchSize'],
      'DOES_NOT_FIT_MEMORY',
      `This training needs about ${Math.ceil(neededMb)} MiB of memory and ${where} has ${largest} MiB. ` +
        'Use a smaller batchSize, fewer channels or smaller images.',
    );
  }
  return fitting;
}

/** What a launch would do, without doing it: loads what an input names, resolves the spec, and says what it would take. */
import { knownDatasetIds, loadDataset } from '../datasets/load.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { type Estimate, estimateOf } from '../money/estimate.ts';
import { reserveAt } from '../money/limits.ts';
import { type Machine, machineOf } from '../money/machine.ts';
import { loadMeasured } from '../money/measured.ts';
import { findCheckpoint } from '../run/find-checkpoint.ts';
import type { TrainingInput } from './input.ts';
import { collector, type Issue } from './issues.ts';
import { resolveTraining } from './resolve.ts';
import type { PinnedDataset, TrainSpec } from './spec.ts';

export interface Offer {
  readonly machine: Machine;
  /** Of the same training on this machine. */
  readonly estimate: Estimate | null;
}

export interface TrainingPlan {
  readonly spec: TrainSpec;
  readonly warnings: readonly Issue[];
  /** Where the spec says; null where nothing is known. */
  readonly estimate: Estimate | null;
  /** Of every machine it fits, that of the spec first; empty where the queue has slots of one kind only. */
  readonly offers: readonly Offer[];
}

export type Planned =
  | { readonly kind: 'resolved'; readonly spec: TrainSpec; readonly plan: TrainingPlan }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

/**
 * The plan of an input: one read beyond what it names, of the measurements of its kind in the project.
 *
 * @param root path of the training within the whole input
 */
export async function planTraining(
  g: Ganway,
  viewer: Viewer,
  input: TrainingInput,
  { root = [], projectId = viewer.projects[0]?.id }: { root?: readonly string[]; projectId?: string | undefined } = {},
): Promise<Planned> {
  const [loaded, source] = await Promise.all([
    loadDataset(g, viewer, input.dataset),
    input.startFrom ? findCheckpoint(g, viewer, input.startFrom.checkpoint) : null,
  ]);
  const dataset: PinnedDataset | null = loaded && {
    id: loaded.manifest.id,
    digest: loaded.digest,
    name: loaded.manifest.name,
    images: loaded.manifest.images,
    width: loaded.manifest.width,
    height: loaded.manifest.height,
    channels: loaded.manifest.channels,
    classes: loaded.manifest.classes,
  };
  const { machines, slotUsdPerHour } = g.settings.money;
  const resolved = resolveTraining(input, {
    root,
    dataset,
    source,
    datasetIds: dataset ? [] : await knownDatasetIds(g, viewer),
    settings: g.settings,
    machines,
    memoryMb: g.memoryMb,
    learned: g.learned,
    whyWholeBatch: g.whyWholeBatch,
  });
  if (resolved.kind === 'invalid') return resolved;
  const { spec, places } = resolved;
  const measured = projectId === undefined ? [] : await loadMeasured(g.store, projectId, spec);
  const known = { measured, stepFlops: machines.length > 0 ? g.stepFlops(spec) : null };
  const offers = places.flatMap(({ machine, resources }): Offer[] =>
    machine ? [{ machine, estimate: estimateOf({ ...spec, resources }, known, machine) }] : [],
  );
  const estimate = offers[0] ? offers[0].estimate : estimateOf(spec, known, null, slotUsdPerHour);
  const free = slotUsdPerHour === null && machines.length === 0;
  const warnings = [...resolved.warnings, ...(free ? uselessCap(root, spec) : [])];
  return { kind: 'resolved', spec, plan: { spec, warnings, estimate, offers } };
}

function uselessCap(root: readonly string[], { limits }: TrainSpec): readonly Issue[] {
  const warnings = collector(root);
  if (limits.maxCostUsd !== null) {
    const message = 'Nothing costs money on this server: maxCostUsd is never reached.';
    warnings.add(['limits', 'maxCostUsd'], 'HAS_NO_EFFECT', message);
  }
  return warnings.issues;
}

/** Why the budget of a plan cannot be enough, in a sentence; null where it may be, or where nothing is known. */
export function whyTooLow(
  { spec, estimate }: TrainingPlan,
  { money }: Pick<Ganway['settings'], 'money'>,
): string | null {
  const { maxCostUsd } = spec.limits;
  const usdPerHour = machineOf(money, spec.resources)?.usdPerHour ?? money.slotUsdPerHour;
  if (maxCostUsd === null || usdPerHour === null) return null;
  const least = Math.max(estimate?.costUsd?.low ?? 0, reserveAt(usdPerHour));
  if (least < maxCostUsd) return null;
  const dollars = (usd: number) => `$${usd.toPrecision(3)}`;
  return (
    `This training takes ${dollars(least)} at the least, and maxCostUsd is ${dollars(maxCostUsd)}. ` +
    'Raise it, or train for fewer kimg.'
  );
}

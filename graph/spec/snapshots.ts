/** When a run writes rows, sheets and checkpoints: steps fixed at launch from its length, never from measured speed. */
import type { TrainingInput } from './input.ts';
import type { Collector } from './issues.ts';
import type { TrainSpec } from './spec.ts';

/** About this many rows, sheets and checkpoints a run, where the user says nothing. */
const ROWS = 200;
/**
 * Most steps between rows, however long the run: the first row is the first sign that it learns. Large images take longer,
 * so they have more rows; a row of small ones costs the training more than it tells.
 */
const LONGEST_TICK = 25;
const PIXELS_OF_A_TICK = 30_000;
/** A sheet is two batches of G: on large images that is most of what recording costs. */
const SHEETS = 24;
const CHECKPOINTS = 10;
/** Each column of a sheet is a class; of more than so many the first are shown. */
const MOST_CLASSES = 10;

/** The snapshots of a training of so many steps on images of so many pixels and, where networks know them, classes. Sheets and checkpoints fall on rows, so that one row describes each. */
export function resolveSnapshots(
  check: Collector,
  input: NonNullable<TrainingInput['snapshots']>,
  { steps, pixels, classes }: { readonly steps: number; readonly pixels: number; readonly classes: number },
): TrainSpec['snapshots'] {
  const longestTick = Math.max(1, Math.min(LONGEST_TICK, Math.round(PIXELS_OF_A_TICK / pixels)));
  const every = (name: 'tickSteps' | 'sampleSteps' | 'checkpointSteps', fallback: number) =>
    check.number(['snapshots', name], input[name], { fallback, min: 1, max: 1e9, integer: true });
  const seconds = (name: 'sampleSeconds' | 'checkpointSeconds', fallback: number) =>
    check.number(['snapshots', name], input[name], { fallback, min: 5, max: 86_400 });
  const cells = (name: 'columns' | 'rows', fallback: number) =>
    check.number(['snapshots', name], input[name], { fallback, min: 1, max: 32, integer: true });
  const tickSteps = every('tickSteps', Math.min(longestTick, Math.max(1, Math.round(steps / ROWS))));
  const onTicks = (count: number) => Math.max(1, Math.round(steps / count / tickSteps)) * tickSteps;
  return {
    tickSteps,
    sampleSteps: every('sampleSteps', onTicks(SHEETS)),
    checkpointSteps: every('checkpointSteps', onTicks(CHECKPOINTS)),
    sampleSeconds: seconds('sampleSeconds', 60),
    checkpointSeconds: seconds('checkpointSeconds', 120),
    columns: cells('columns', classes > 0 ? Math.min(classes, MOST_CLASSES) : 8),
    rows: cells('rows', 8),
  };
}

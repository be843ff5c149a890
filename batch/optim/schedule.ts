/** Values that change in the course of a training, in float64 on the host; knows neither their use nor a clock. */

/** A value as a function of progress: the share of the training that is done, 0 to 1. */
export type Schedule =
  | { readonly kind: 'CONSTANT'; readonly value: number }
  /** Half a wave of the cosine from one value to the other, without restarts (Loshchilov and Hutter 2017, equation 5). */
  | { readonly kind: 'COSINE'; readonly from: number; readonly to: number }
  /** `from` at first; from each point on that point's value. Points are in the order of `at`. */
  | {
      readonly kind: 'STEP';
      readonly from: number;
      readonly points: readonly { readonly at: number; readonly value: number }[];
    };

/** The value at `progress`; before 0 and after 1 it stays what it is there. */
export function valueAt(schedule: Schedule, progress: number): number {
  switch (schedule.kind) {
    case 'CONSTANT':
      return schedule.value;
    case 'COSINE': {
      const { from, to } = schedule;
      const share = Math.min(Math.max(progress, 0), 1);
      return to + (from - to) * ((1 + Math.cos(Math.PI * share)) / 2);
    }
    case 'STEP':
      return schedule.points.findLast(({ at }) => at <= progress)?.value ?? schedule.from;
  }
}

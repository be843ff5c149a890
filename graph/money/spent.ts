/** What a run has used up, from its folded journal: container time, computing time and money; knows no limits. */
import type { AttemptState, LaunchState, RunState } from '../run/state.ts';

export interface Usage {
  /** Container time. */
  readonly seconds: number;
  /** Container time × price of the launch. */
  readonly usd: number;
}

export interface Spent extends Usage {
  /** By the number of the attempt. What containers took that never began an attempt is in the whole only. */
  readonly attempts: ReadonlyMap<number, Usage>;
}

/** A container with the attempts that were made in it: more than one where a guard rewound. */
interface Container {
  readonly fact: LaunchState['containers'][number] | null;
  readonly attempts: readonly AttemptState[];
}

/**
 * What all containers of all launches have taken. Begin and end of a container are the queue's word where it has given
 * one. Else it is there from the first to the last word of its attempts: one that vanished counts until it fell silent.
 *
 * @param now an attempt that has not ended is taken to have gone on until then; without it, until it was last heard of
 */
export function spentOf({ launches, attempts }: Pick<RunState, 'launches' | 'attempts'>, now?: Date): Spent {
  const byAttempt = new Map<number, Usage>();
  let [seconds, usd] = [0, 0];
  for (const launch of launches) {
    const usdPerSecond = (launch.price?.usdPerHour ?? 0) / 3600;
    const add = (from: number, to: number): Usage => {
      const took = Math.max(0, to - from) / 1000;
      const usage = { seconds: took, usd: took * usdPerSecond };
      seconds += usage.seconds;
      usd += usage.usd;
      return usage;
    };
    for (const { fact, attempts: inside } of containersOf(launch, attempts)) {
      const [first, last] = [inside[0], inside.at(-1)];
      const start = timeOf(fact?.startedAt) ?? timeOf(first?.startedAt);
      const stop = timeOf(fact?.stoppedAt) ?? endOf(last, now) ?? (fact && isOpen(launch) ? now?.getTime() : undefined);
      if (start === undefined || stop === undefined) continue;
      if (inside.length === 0) add(start, stop);
      for (const [index, attempt] of inside.entries()) {
        const from = index === 0 ? start : Date.parse(attempt.startedAt);
        const next = inside[index + 1];
        byAttempt.set(attempt.number, add(from, next ? Date.parse(next.startedAt) : stop));
      }
    }
  }
  return { seconds, usd, attempts: byAttempt };
}

/** Seconds of computing over all attempts; preparing, and waiting for a machine, are none. `now` as in {@link spentOf}. */
export function computedSeconds({ attempts }: Pick<RunState, 'attempts'>, now?: Date): number {
  return attempts.reduce((sum, attempt) => {
    const since = timeOf(attempt.trainingSince);
    const until = endOf(attempt, now);
    return since === undefined || until === undefined ? sum : sum + Math.max(0, until - since) / 1000;
  }, 0);
}

/** What an hour costs now, US dollars; null where nothing runs or it has no price. */
export function usdPerHourOf({ launches, phase }: Pick<RunState, 'launches' | 'phase'>): number | null {
  const runs = phase === 'STARTING' || phase === 'RUNNING' || phase === 'STOPPING';
  return runs ? (launches.at(-1)?.price?.usdPerHour ?? null) : null;
}

function containersOf(launch: LaunchState, attempts: readonly AttemptState[]): Container[] {
  const groups: AttemptState[][] = [];
  for (const attempt of attempts.filter((each) => each.launch === launch.launch)) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && attempt.cause === 'GUARD' && before.jobId === attempt.jobId) group.push(attempt);
    else groups.push([attempt]);
  }
  const ofJob = (group: readonly AttemptState[]) =>
    group[0]?.jobId === launch.jobId ? group[0]?.container : undefined;
  const seen = new Set(groups.map(ofJob));
  return [
    ...groups.map((inside) => ({ fact: launch.containers[(ofJob(inside) ?? 0) - 1] ?? null, attempts: inside })),
    ...launch.containers.flatMap((fact, index) => (seen.has(index + 1) ? [] : [{ fact, attempts: [] }])),
  ];
}

/** When an attempt was last there, as far as it says itself. */
function endOf(attempt: AttemptState | undefined, now: Date | undefined): number | undefined {
  if (attempt?.endedAt === null && now) return now.getTime();
  return timeOf(attempt?.heardAt);
}

/** Whether a container of the launch may be there now. */
const isOpen = ({ status }: LaunchState): boolean => status === 'STARTING' || status === 'RUNNING';

const timeOf = (at: string | null | undefined): number | undefined => (at == null ? undefined : Date.parse(at));

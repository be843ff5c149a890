/** Says when so many seconds have gone by since something was last done. */

export interface Alarm {
  due(): boolean;
  reset(): void;
}

/** @param clock milliseconds, from any origin */
export function createAlarm(seconds: number, clock: () => number = () => performance.now()): Alarm {
  let last = clock();
  return {
    due: () => clock() - last >= seconds * 1000,
    reset: () => {
      last = clock();
    },
  };
}

/** How fast this machine trains and how much memory it takes: values that differ from run to run, named `rate/…`. */

export interface Rates {
  /** So many more real images have been shown. */
  count(images: number): void;
  /** Values since the last call, or since the beginning. */
  take(): Record<string, number>;
}

/** @param clock milliseconds, from any origin */
export function createRates(clock: () => number = () => performance.now()): Rates {
  let since = clock();
  let images = 0;
  return {
    count: (more) => {
      images += more;
    },
    take: () => {
      const now = clock();
      const seconds = Math.max(now - since, 1e-3) / 1000;
      const shown = images;
      since = now;
      images = 0;
      return {
        'rate/images_per_second': shown / seconds,
        'rate/seconds_per_kimg': (seconds / shown) * 1000,
        'rate/memory_mb': process.memoryUsage.rss() / 1024 ** 2,
      };
    },
  };
}

/** Tells death by memory from other deaths: the kernel's counters, and what libraries print before they abort. */
import { readFileSync } from 'node:fs';

/** Counters of kills for memory in this container: control groups version 2, then 1. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];

const LAST_WORDS = /JavaScript heap out of memory|std::bad_alloc|OOM when allocating|Cannot allocate memory/;

export interface MemoryWatch {
  /** Looks at a line the trainer printed. */
  line(text: string): void;
  /** True where the kernel has killed for memory since the watch began, or the trainer said that it had none. */
  isOutOfMemory(killed: boolean): boolean;
}

export function watchMemory(counters: readonly string[] = COUNTERS): MemoryWatch {
  const before = kills(counters);
  let said = false;
  return {
    line: (text) => {
      said ||= LAST_WORDS.test(text);
    },
    isOutOfMemory: (killed) => said || (killed && kills(counters) > before),
  };
}

function kills(counters: readonly string[]): number {
  for (const path of counters) {
    try {
      const count = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
      if (count !== undefined) return Number(count);
    } catch {
      // Not this version of control groups, or none.
    }
  }
  return 0;
}

/** Runs a toy training for very long and shows that memory and handles stay: `long-life.ts [steps] [executor]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sheetFeeds } from '../../models/feeds.ts';
import { executors } from '../executors/testing/executors.ts';
import { buildToy, stepToy, toySpecs } from '../executors/testing/toys.ts';

/** Lines that are printed. */
const REPORTS = 10;
/** Steps between two checkpoints and sheets. */
const SAVED_EVERY = 500;

/** Prints a line every tenth of the steps; true where handles and resident memory stayed after the first of them. */
export function main(steps = 50_000, name = executors[0]?.name): boolean {
  const executor = executors.find((each) => each.name === name);
  const [spec] = toySpecs;
  if (!executor || !spec) throw new RangeError(`${name} is not one of ${executors.map((each) => each.name)}`);
  const folder = mkdtempSync(join(tmpdir(), 'ganway-long-life-'));
  const session = executor.open(buildToy(spec, folder));
  try {
    session.call('init');
    const seen: { readonly handles: number; readonly rss: number }[] = [];
    for (let step = 1; step <= steps; step++) {
      stepToy(session, spec, step);
      if (step % SAVED_EVERY === 0) {
        session.call('sample', sheetFeeds(spec));
        session.write(session.read());
      }
      if (step % Math.ceil(steps / REPORTS) === 0) {
        const now = { handles: session.handles(), rss: process.memoryUsage.rss() };
        seen.push(now);
        console.log(`${name}, step ${step}: ${(now.rss / 2 ** 20).toFixed(1)} MiB resident, ${now.handles} handles`);
      }
    }
    const [first, last] = [seen[0], seen.at(-1)];
    const growth = ((last?.rss ?? 0) - (first?.rss ?? 0)) / 2 ** 20;
    console.log(`${name}: ${growth.toFixed(1)} MiB more at the end than after a tenth of the steps`);
    return first?.handles === last?.handles && growth < 16;
  } finally {
    session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const [steps, name] = process.argv.slice(2);
  const stayed = main(steps ? Number(steps) : undefined, executors.find((each) => each.name === name)?.name);
  process.exitCode = stayed ? 0 : 1;
}

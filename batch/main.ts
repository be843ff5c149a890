/** First process of a container: reads its environment once, supervises the run it names, and exits as the queue expects. */

import { constants, getPriority, setPriority } from 'node:os';
import type { LaunchRefused } from '../infra/clients/launch-credentials.ts';
import { openStore } from '../infra/clients/open-store.ts';
import packageFile from '../package.json' with { type: 'json' };
import { EXIT } from './protocol.ts';
import { readSettings } from './supervisor/settings.ts';
import { supervise } from './supervisor/supervise.ts';
import { trainerCommand } from './supervisor/trainer-command.ts';

/** The supervisor waits for its storage by itself, and says so. */
const RETRY_FOR_MS = 2_000;

/** Calls back when this container has to go: told by a signal, or by the silence of the queue that started it. */
function listenForHostLoss(parentPipe: boolean, lost: () => void): void {
  process.on('SIGTERM', lost);
  process.on('SIGINT', lost);
  process.on('disconnect', lost);
  if (parentPipe) {
    process.stdin.on('end', lost).on('close', lost).on('error', lost).resume();
    process.stdin.unref?.();
  }
  // Nobody may be left to read the output.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
}

async function main(): Promise<number> {
  let settings: ReturnType<typeof readSettings>;
  let store: ReturnType<typeof openStore>;
  const host = new AbortController();
  const refusals: LaunchRefused[] = [];
  const onRefused = (error: LaunchRefused): void => {
    refusals.push(error);
    host.abort();
  };
  try {
    settings = readSettings(process.env);
    store = openStore(process.env, { retryForMs: RETRY_FOR_MS, onRefused });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return EXIT.badSpec;
  }
  const { nativeDir, executor, parentPipe, ...rest } = settings;
  listenForHostLoss(parentPipe, () => host.abort());
  const exitCode = await supervise({
    ...rest,
    store,
    version: packageFile.version,
    hostLost: host.signal,
    trainer: (work) => trainerCommand(work, nativeDir, executor),
    // From then on, what is computed comes before what is told about it. A child begins with its parent's priority.
    onTrainer: () => setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL)),
    echo: (text) => process.stdout.write(`${text}\n`),
  });
  const [refusal] = refusals;
  return refusal ? sayRefusal(refusal) : exitCode;
}

/** Another start of this launch would be refused as this one: it is over, or was never one. */
function sayRefusal({ why, message }: LaunchRefused): number {
  console.log(`ganway: the storage is closed to this launch: ${message}`);
  return why === 'OVER' ? EXIT.done : EXIT.badSpec;
}

const exitCode = await main().catch((error: unknown) => {
  console.error(error);
  return EXIT.bug;
});
process.exit(exitCode);

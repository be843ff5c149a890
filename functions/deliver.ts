/** Lambda behind storage notifications: journal keys in, delivery asked for each run they are of; decides nothing. */
import { deliver } from '../graph/live/deliver.ts';
import type { Live } from '../graph/live/live.ts';
import { keys } from '../graph/storage/keys.ts';
import { atFirstEvent } from './cold-start.ts';
import { createLive } from './live.ts';
import { wire } from './wire.ts';

/** An S3 event, as far as it is looked at. Keys are URL-encoded, with `+` for a space. */
export interface StorageEvent {
  readonly Records?: readonly { readonly s3?: { readonly object?: { readonly key?: string } } }[];
}

/** Delivers every run that the event is about, each once. One that fails does not hinder the others; the timer finds it again. */
export function makeDeliver(live: Live): (event: StorageEvent) => Promise<void> {
  return async (event) => {
    await Promise.all(
      [...newestOf(event)].map(([runId, position]) =>
        deliver(live, runId, position).catch((cause) => live.warn(`delivery of run ${runId} failed`, cause)),
      ),
    );
  };
}

/** Entry of the Lambda. */
export const handler: (event: StorageEvent) => Promise<void> = atFirstEvent(() => makeDeliver(createLive(wire())));

/** The newest position of each run whose journal the event is about. */
function newestOf({ Records = [] }: StorageEvent): Map<string, number> {
  const newest = new Map<string, number>();
  for (const { s3 } of Records) {
    const key = decodeKey(s3?.object?.key ?? '');
    const [runId, position] = [keys.runOfSegment(key), keys.positionOf(key)];
    if (runId !== null && position !== null) newest.set(runId, Math.max(position, newest.get(runId) ?? 0));
  }
  return newest;
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

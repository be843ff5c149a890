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
      [...runsOf(event)].map((runId) =>
        deliver(live, runId).catch((cause) => live.warn(`delivery of run ${runId} failed`, cause)),
      ),
    );
  };
}

/** Entry of the Lambda. */
export const handler: (event: StorageEvent) => Promise<void> = atFirstEvent(() => makeDeliver(createLive(wire())));

function runsOf({ Records = [] }: StorageEvent): Set<string> {
  const runs = Records.map(({ s3 }) => keys.runOfSegment(decodeKey(s3?.object?.key ?? '')));
  return new Set(runs.filter((runId) => runId !== null));
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** Follows a run's events from a cursor to its end, each once, whatever happens to the connection; prints nothing. */
import { WatchRunDocument, type WatchRunSubscription } from './operations.gen.ts';
import type { Transport } from './transport.ts';

export type Batch = WatchRunSubscription['runEvents'];
export type RunEvent = Batch['events'][number];

/** Batches in order without gap or double, beginning after the cursor; ends with the run. */
export async function* followRun(
  transport: Transport,
  runId: string,
  after: string | null = null,
  signal?: AbortSignal,
): AsyncGenerator<Batch, void, void> {
  let cursor = after;
  const variables = () => ({ runId, after: cursor });
  let complete = false;
  while (!complete) {
    complete = true;
    for await (const { runEvents: batch } of transport.subscribe(WatchRunDocument, variables, signal)) {
      // A batch that was sent twice says so itself: it continues from before what is already here.
      if (cursor !== null && batch.since < cursor) continue;
      // One that continues from later leaves something out: begin again after what is here.
      if (cursor !== null && batch.since > cursor) {
        complete = false;
        break;
      }
      cursor = batch.cursor;
      yield batch;
    }
  }
}

/** Lambda behind a slow schedule: has everything that somebody watches delivered that no hint came for; decides nothing. */
import type { Live } from '../graph/live/live.ts';
import { deliverOpen } from '../graph/live/open.ts';
import { atFirstEvent } from './cold-start.ts';
import { createLive } from './live.ts';
import { wire } from './wire.ts';

/** Throws where the list of watched runs cannot be read, so that the schedule's alarm hears of it. */
export function makeCatchUp(live: Live): () => Promise<void> {
  return () => deliverOpen(live);
}

/** Entry of the Lambda; what the schedule sends along is of no interest. */
export const handler: (event: unknown) => Promise<void> = atFirstEvent(() => makeCatchUp(createLive(wire())));

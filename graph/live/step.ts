/** Moves one lane one page forward: read, execute once, send to all; keeps no cursor itself. */
import { sees } from '../access/permit.ts';
import { type Cursor, formatCursor, parseCursor, START } from '../run/cursor.ts';
import { isTerminal } from '../run/state.ts';
import { projectOfRun } from '../storage/keys.ts';
import { renderBatch } from './batch.ts';
import { hasEnded, proofEnded } from './expiry.ts';
import type { Lane } from './lanes.ts';
import type { Live } from './live.ts';
import { freeId, type Member } from './members.ts';
import * as message from './message.ts';
import { asOneBatch, asSingleEvents, type ReadPage } from './pieces.ts';
import type { Progress } from './records.ts';

/** A reader that could not be sent to, and the place it got to. */
export interface Fallen extends Progress {
  readonly member: Member;
}

export interface Step {
  /** The lane after the step, with those that are still in it. */
  readonly lane: Lane;
  readonly fallen: readonly Fallen[];
  /** Their connections are no more. */
  readonly gone: readonly Member[];
  /** Their operations have been told their end. */
  readonly ended: readonly Member[];
}

export interface StepOptions {
  readonly read: ReadPage;
  /** Called before each send: makes sure that nobody else delivers. */
  readonly keep: () => Promise<void>;
}

export async function step(live: Live, lane: Lane, { read, keep }: StepOptions): Promise<Step> {
  const sample = lane.members[0];
  if (sample === undefined) return { lane: { ...lane, moving: false }, fallen: [], gone: [], ended: [] };
  const { run, document, operationName, variables, origin, includeSuperseded } = sample.value;
  const [page, viewer] = await Promise.all([
    read(cursorOf(lane.read), includeSuperseded),
    live.viewer(sample.value.viewer),
  ]);

  const fallen: Fallen[] = [];
  const gone: Member[] = [];
  const ended: Member[] = [];
  let sent = lane.sent;
  /** Sends to each; those who could be sent to. */
  const tell = async (members: readonly Member[], text: (operationId: string) => string): Promise<Member[]> => {
    await keep();
    const outcomes = await Promise.all(
      members.map(async (member) => ({
        member,
        outcome: await live.sockets.send(member.value.connection, text(member.value.operation)),
      })),
    );
    for (const { member, outcome } of outcomes) {
      if (outcome === 'gone') gone.push(member);
      if (outcome === 'failed') fallen.push({ member, sent, read: sent });
    }
    return outcomes.filter(({ outcome }) => outcome === 'sent').map(({ member }) => member);
  };
  const end = async (members: readonly Member[], text: (operationId: string) => string): Promise<Step> => {
    await Promise.all(members.map((member) => freeId(live, member)));
    ended.push(...(await tell(members, text)));
    return { lane: { ...lane, sent, members: [], moving: false }, fallen, gone, ended };
  };

  const now = live.g.now().getTime();
  let here = lane.members.filter(({ value }) => !hasEnded(value, now));
  const expired = lane.members.filter(({ value }) => hasEnded(value, now));
  if (expired.length > 0) await end(expired, (id) => message.error(id, [proofEnded]));
  if (here.length === 0) return { lane: { ...lane, members: [], moving: false }, fallen, gone, ended };
  if (page === null || viewer === null || !sees(viewer, projectOfRun(run))) {
    return end(here, (id) => message.error(id, [noSuchRun]));
  }
  const since = cursorOf(lane.sent);
  const operation = { document, operationName, variables, viewer, origin };
  for (const batch of lane.uncertain ? await asSingleEvents(page, since, read) : asOneBatch(page, since)) {
    for (const part of await renderBatch(live, operation, batch)) {
      if (part.kind === 'error') return end(here, (id) => message.error(id, part.errors));
      here = await tell(here, (id) => message.next(id, part.payload));
      sent = formatCursor(part.cursor);
    }
  }
  if (!page.hasMore && isTerminal(page.snapshot.state.phase)) return end(here, message.complete);
  return {
    lane: { ...lane, sent, read: formatCursor(page.cursor), members: here, moving: page.hasMore, uncertain: false },
    fallen,
    gone,
    ended,
  };
}

function cursorOf(text: string): Cursor {
  return parseCursor(text) ?? START;
}

const noSuchRun = { message: 'There is no such run any more.', extensions: { code: 'NOT_FOUND' } };

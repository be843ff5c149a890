/** Answers one message of graphql-transport-ws from a client, with no memory but the store; knows no gateway. */
import { type GraphQLFormattedError, getOperationAST, OperationTypeNode } from 'graphql';
import { MessageType, type SubscribeMessage, validateMessage } from 'graphql-ws';
import { keys } from '../storage/keys.ts';
import { rememberConnection } from './connection.ts';
import { deliver } from './deliver.ts';
import { type Ending, endingWith, hasEnded, proofEnded } from './expiry.ts';
import type { Live, Operation } from './live.ts';
import * as message from './message.ts';
import { readConnection } from './records.ts';
import { complete, subscribe } from './subscribe.ts';

/** A message as a gateway hands it over. */
export interface Incoming extends Ending {
  readonly connectionId: string;
  /** Who the authorizer found behind the connection, and where from. */
  readonly viewer: string;
  readonly origin: string;
  /** Milliseconds; messages of one connection may be handled out of order. */
  readonly receivedAt: number;
  readonly text: string;
}

/** An operation's id becomes part of a key. */
const MAX_ID_LENGTH = 200;

/**
 * Handles a message. A socket cannot be closed from here with a code that its client would understand: what the protocol answers
 * by closing is an `error` of the operation, or a `pong` that says what is wrong where there is no operation.
 */
export async function receive(live: Live, incoming: Incoming): Promise<void> {
  const { connectionId } = incoming;
  const say = async (text: string) => {
    if ((await live.sockets.send(connectionId, text)) === 'failed') live.warn('an answer could not be sent', undefined);
  };
  const parsed = parse(incoming.text);
  if (parsed.kind === 'malformed') {
    const problem = { message: parsed.problem, extensions: { code: 'BAD_REQUEST' } };
    return say(parsed.id === null ? message.pong(problem) : message.error(parsed.id, [problem]));
  }
  switch (parsed.message.type) {
    case MessageType.ConnectionInit:
      await rememberConnection(live, connectionId, incoming);
      return say(message.connectionAck);
    case MessageType.Ping:
      return say(message.pong(parsed.message.payload));
    case MessageType.Subscribe:
      return begin(live, incoming, parsed.message, say);
    case MessageType.Complete:
      return complete(live, { ...incoming, operationId: parsed.message.id });
    default:
      return;
  }
}

async function begin(
  live: Live,
  incoming: Incoming,
  { id, payload }: SubscribeMessage,
  say: (text: string) => Promise<void>,
): Promise<void> {
  const refuse = (errors: readonly GraphQLFormattedError[]) => say(message.error(id, errors));
  try {
    const connection = await readConnection(live.g.store, keys.connection(incoming.connectionId));
    if (connection === null) return await refuse([unauthenticated]);
    const viewer = await live.viewer(connection.value.viewer);
    if (viewer === null || hasEnded(connection.value, live.g.now().getTime())) return await refuse([proofEnded]);
    const operation: Operation = {
      document: payload.query,
      operationName: payload.operationName ?? null,
      variables: payload.variables ?? null,
      viewer: endingWith(viewer, connection.value),
      origin: connection.value.origin,
    };
    const parsed = live.operations.parse(operation);
    if (parsed.kind === 'invalid') return await refuse(parsed.errors.map((error) => error.toJSON()));
    if (getOperationAST(parsed.document, operation.operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) {
      const result = message.next(id, JSON.stringify(await live.operations.execute(operation)));
      if (Buffer.byteLength(result) > message.MAX_MESSAGE_BYTES) return await refuse([tooLarge]);
      await say(result);
      return await say(message.complete(id));
    }
    const arrival = { ...incoming, operationId: id };
    const subscribed = await subscribe(live, arrival, operation, parsed.document);
    if (subscribed.kind === 'refused') return await refuse([subscribed.error.toJSON()]);
    if (subscribed.kind === 'completed') return;
    // What is stored is delivered sooner or later; that it did not work at once is no error of the operation.
    await deliver(live, subscribed.runId).catch((cause) => live.warn('first delivery failed', cause));
  } catch (cause) {
    live.warn(`operation ${id} failed`, cause);
    await refuse([unexpected]);
  }
}

type Parsed =
  | { readonly kind: 'message'; readonly message: ReturnType<typeof validateMessage> }
  | { readonly kind: 'malformed'; readonly id: string | null; readonly problem: string };

function parse(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed', id: null, problem: 'A message is one JSON object.' };
  }
  const id = idOf(value);
  try {
    const valid = validateMessage(value);
    if (id !== null && encodeURIComponent(id).length > MAX_ID_LENGTH) {
      return { kind: 'malformed', id, problem: `The id of an operation has at most ${MAX_ID_LENGTH} characters.` };
    }
    return { kind: 'message', message: valid };
  } catch (error) {
    return { kind: 'malformed', id, problem: error instanceof Error ? error.message : String(error) };
  }
}

function idOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' && value.id !== ''
    ? value.id
    : null;
}

const unauthenticated = {
  message: 'Send connection_init and wait for connection_ack before the first operation.',
  extensions: { code: 'UNAUTHENTICATED' },
};
const tooLarge = {
  message: `The result does not fit into one message of ${message.MAX_MESSAGE_BYTES} bytes. Ask for less, or ask over HTTP.`,
  extensions: { code: 'BAD_USER_INPUT' },
};
const unexpected = {
  message: 'Something went wrong on our side; try again.',
  extensions: { code: 'INTERNAL_SERVER_ERROR' },
};

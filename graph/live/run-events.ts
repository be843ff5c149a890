/** Finds the one field of a subscription and what it asks for; reads documents and executes nothing. */
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getOperationAST,
  getVariableValues,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type Cursor, parseCursor, START } from '../run/cursor.ts';
import type { Operation, Operations } from './live.ts';

/** What a subscription wants to hear. */
export interface RunEventsRequest {
  readonly runId: string;
  readonly after: Cursor;
  readonly includeSuperseded: boolean;
  /** Equal for subscriptions that are sent the same bytes: same document, variables but for `after`, viewer and origin. */
  readonly group: string;
}

/**
 * Reads the arguments of the `runEvents` field of a validated subscription.
 *
 * @throws {@link GraphQLError} with code BAD_USER_INPUT where a variable does not fit, the cursor is none of ours, or the field is not there.
 */
export function readRunEvents(
  { schema }: Pick<Operations, 'schema'>,
  document: DocumentNode,
  operation: Operation,
): RunEventsRequest {
  const node = getOperationAST(document, operation.operationName);
  const type = schema.getSubscriptionType();
  if (!node || !type) throw badInput('There is no such subscription.');
  const coerced = getVariableValues(schema, node.variableDefinitions ?? [], operation.variables ?? {});
  if (coerced.errors) throw badInput(coerced.errors.map((error) => error.message).join(' '));
  const field = rootFields(document, node.selectionSet, coerced.coerced).find(
    ({ name }) => !name.value.startsWith('__'),
  );
  const definition = field && type.getFields()[field.name.value];
  if (!field || definition?.name !== 'runEvents') throw badInput('Subscribe to the field runEvents.');

  const values = getArgumentValues(definition, field, coerced.coerced);
  const after = values.after == null ? START : parseCursor(String(values.after));
  if (after === null) {
    throw badInput(
      `"${String(values.after).slice(0, 40)}" is not a cursor; pass the cursor of a batch, or null to begin at the start.`,
    );
  }
  return {
    runId: String(values.runId),
    after,
    includeSuperseded: values.includeSuperseded === true,
    group: groupOf(operation, variableOfAfter(field)),
  };
}

/** The fields of an operation's root, through fragments, without those that `@skip` and `@include` leave out. */
function rootFields(
  document: DocumentNode,
  { selections }: SelectionSetNode,
  variables: Record<string, unknown>,
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if === true) return [];
    if (getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if === false) return [];
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(document, selection.selectionSet, variables);
    const fragment = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(document, fragment.selectionSet, variables) : [];
  });
}

/** Name of the variable that carries the cursor, which differs between readers of the same thing. */
function variableOfAfter(field: FieldNode): string | null {
  const value = field.arguments?.find((argument) => argument.name.value === 'after')?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : null;
}

function groupOf(
  { document, operationName, variables, viewer, origin }: Operation,
  cursorVariable: string | null,
): string {
  const others = Object.entries(variables ?? {})
    .filter(([name]) => name !== cursorVariable)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([document, operationName, others, viewer.id, origin]))
    .digest('base64url');
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** Validation rules of Ganway beyond the specification's: how large an operation may be, and what a live batch may select. */
import {
  type FieldNode,
  GraphQLError,
  getNamedType,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { LIMITS, type Limit } from './limits.ts';
import { measure } from './measure.ts';

const WORDS: Record<Exclude<Limit, 'tokens'>, string> = {
  depth: 'levels of fields',
  introspectionDepth: 'levels of introspection',
  aliases: 'aliases',
  rootFields: 'fields at its root',
  cost: 'objects (a scalar is half of one), counting each as often as the lists around it may repeat it',
  directives: 'directives',
};

/** The error for an operation that has `found` of what `limit` allows less of. */
export function tooLarge(limit: keyof typeof WORDS, found: number, nodes?: OperationDefinitionNode): GraphQLError {
  const count = Number.isFinite(found) && found < 1e9 ? String(found) : 'far too many';
  return new GraphQLError(`This operation has ${count} ${WORDS[limit]}; at most ${LIMITS[limit]} are allowed.`, {
    ...(nodes && { nodes }),
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit, max: LIMITS[limit] },
  });
}

/** Depth, aliases, root fields and directives, counted after fragments are expanded. */
export const shapeRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const shape = measure(operation.selectionSet, (name) => context.getFragment(name));
    const directives = shape.directives + (operation.directives?.length ?? 0);
    for (const [limit, found] of Object.entries({ ...shape, directives }) as [keyof typeof shape, number][]) {
      if (found > LIMITS[limit]) context.reportError(tooLarge(limit, found, operation));
    }
  },
});

/** Fields of a run with parts of their own that are in its folded state, and so cost a live batch nothing. */
const LIVE_OBJECTS = ['reason', 'summary'];

/**
 * Within `runEvents`, the batch's `run` may select only scalars, `reason` and `summary`: it is executed for every
 * batch of every run that somebody watches.
 */
export const liveRunRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const runType = context.getSchema().getType('Run');
    if (operation.operation !== 'subscription' || !runType || !('getFields' in runType)) return;
    const batches = fieldsOf(context, [operation.selectionSet]).filter(({ name }) => name.value === 'runEvents');
    const runs = fieldsOf(context, selectionsOf(batches)).filter(({ name }) => name.value === 'run');
    for (const node of fieldsOf(context, selectionsOf(runs))) {
      const field = runType.getFields()[node.name.value];
      if (!field || isLeafType(getNamedType(field.type)) || LIVE_OBJECTS.includes(field.name)) continue;
      const message = `In a subscription, run may select only scalars, reason and summary, not ${field.name}. Query it with run(id:).`;
      context.reportError(
        new GraphQLError(message, { nodes: node, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
      );
    }
  },
});

function selectionsOf(fields: readonly FieldNode[]): SelectionSetNode[] {
  return fields.flatMap(({ selectionSet }) => selectionSet ?? []);
}

/** All fields in selections, through fragments, each fragment once. */
function fieldsOf(context: ValidationContext, selectionSets: readonly SelectionSetNode[]): FieldNode[] {
  const seen = new Set<string>();
  const expand = ({ selections }: SelectionSetNode): FieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return expand(selection.selectionSet);
      const fragment = context.getFragment(selection.name.value);
      if (!fragment || seen.has(fragment.name.value)) return [];
      seen.add(fragment.name.value);
      return expand(fragment.selectionSet);
    });
  return selectionSets.flatMap(expand);
}

/** What both transports add to the rules of the specification. */
export const rules: readonly ValidationRule[] = [shapeRule, liveRunRule];

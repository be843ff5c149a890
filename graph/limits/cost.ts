/** Counts what an operation may return at most: each field as often as the lists around it are long. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { lengthsOf, type Variables } from './lengths.ts';

const SCALAR = 0.5;

/**
 * The cost of an operation: 1 for each object and ½ for each scalar, as often as the lists around it may repeat it:
 * `first`, `buckets` or the number of `names`; a list that none of them limits has its usual length. Where a selection
 * differs by type, the dearest type counts. Introspection is bounded by its depth alone.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const root = schema.getRootType(operation.operation);
  if (!root) return 0;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  // By selection and type: however often fragments are spread, each is counted once a type. A cycle counts as empty.
  const known = new Map<SelectionSetNode, Map<string, number>>();

  const ofSet = (set: SelectionSetNode, type: GraphQLObjectType, spokenFor: boolean): number => {
    const byType = known.get(set) ?? new Map<string, number>();
    known.set(set, byType);
    const place = `${type.name} ${spokenFor}`;
    const before = byType.get(place);
    if (before !== undefined) return before;
    byType.set(place, 0);
    const cost = set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + ofField(selection, type, spokenFor);
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!fragment || !appliesTo(fragment.typeCondition, type)) return sum;
      return sum + ofSet(fragment.selectionSet, type, spokenFor);
    }, 0);
    byType.set(place, cost);
    return cost;
  };

  const ofField = (node: FieldNode, type: GraphQLObjectType, spokenFor: boolean): number => {
    const field = type.getFields()[node.name.value];
    if (!field) return SCALAR;
    const name = `${type.name}.${field.name}`;
    const { times, speaksForBelow } = lengthsOf({ name, node, field, spokenFor }, { operation, variables });
    const set = node.selectionSet;
    if (!set) return times * SCALAR;
    const below = Math.max(0, ...possibleTypes(field).map((possible) => ofSet(set, possible, speaksForBelow)));
    return 1 + times * below;
  };

  const possibleTypes = (field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] => {
    const type = getNamedType(field.type);
    if (isAbstractType(type)) return schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  };

  const appliesTo = (
    condition: FragmentDefinitionNode['typeCondition'] | undefined,
    type: GraphQLObjectType,
  ): boolean => {
    if (!condition) return true;
    const target = typeFromAST(schema, condition);
    return target === type || (isAbstractType(target) && schema.isSubType(target, type));
  };

  return Math.ceil(ofSet(operation.selectionSet, root, false));
}

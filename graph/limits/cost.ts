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

/** Arguments that say how long a list gets. */
const LENGTHS = ['first', 'buckets'];

const SCALAR = 0.5;

/** Values by name, as the client sent them; they need not be coerced. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * The cost of an operation: 1 for each object and ½ for each scalar, times `first` or `buckets` of the fields around
 * it. Where a selection differs by type, the dearest type counts. Introspection is bounded by its depth alone.
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
  const known = new Map<SelectionSetNode, Map<GraphQLObjectType, number>>();

  const ofSet = (set: SelectionSetNode, type: GraphQLObjectType): number => {
    const byType = known.get(set) ?? new Map<GraphQLObjectType, number>();
    known.set(set, byType);
    const before = byType.get(type);
    if (before !== undefined) return before;
    byType.set(type, 0);
    const cost = set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + ofField(selection, type);
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      return fragment && appliesTo(fragment.typeCondition, type) ? sum + ofSet(fragment.selectionSet, type) : sum;
    }, 0);
    byType.set(type, cost);
    return cost;
  };

  const ofField = (node: FieldNode, type: GraphQLObjectType): number => {
    const field = type.getFields()[node.name.value];
    if (!field || !node.selectionSet) return SCALAR;
    const set = node.selectionSet;
    const below = Math.max(0, ...possibleTypes(field).map((possible) => ofSet(set, possible)));
    return 1 + lengthOf(node, field, operation, variables) * below;
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

  return Math.ceil(ofSet(operation.selectionSet, root));
}

/** How often what is below a field may repeat, by its arguments; 1 where none of them says. */
function lengthOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const lengths = field.args
    .filter(({ name }) => LENGTHS.includes(name))
    .map((argument) => {
      const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
      const value =
        given?.kind === Kind.VARIABLE ? variableValue(given.name.value, operation, variables) : numberOf(given);
      return value ?? numberFrom(argument.defaultValue) ?? 1;
    });
  return Math.max(0, ...(lengths.length > 0 ? lengths : [1]));
}

function variableValue(name: string, operation: OperationDefinitionNode, variables: Variables): number | null {
  if (Object.hasOwn(variables, name)) return numberFrom(variables[name]);
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  return numberOf(definition?.defaultValue);
}

function numberOf(node: { readonly kind: string; readonly value?: unknown } | undefined): number | null {
  return node?.kind === Kind.INT ? Number(node.value) : null;
}

function numberFrom(value: unknown): number | null {
  return typeof value === 'number' && !Number.isNaN(value) ? value : null;
}

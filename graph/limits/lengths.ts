/** How long the lists of a field may get, by its arguments or by their usual length; knows no cost. */
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { LONG_LISTS, USUAL_LIST } from './limits.ts';

/** Values by name, as the client sent them; they need not be coerced. */
export type Variables = Readonly<Record<string, unknown>>;

/** One field in a selection. */
export interface Place {
  /** `Type.field`. */
  readonly name: string;
  readonly node: FieldNode;
  readonly field: GraphQLField<unknown, unknown>;
  /** Whether the arguments of the field around it have spoken for it. */
  readonly spokenFor: boolean;
}

/** The operation that is asked about, and its variables. */
export interface Asked {
  readonly operation: OperationDefinitionNode;
  readonly variables: Variables;
}

export interface Lengths {
  /** How often what is below the field may repeat. */
  readonly times: number;
  /** Whether the arguments spoke of the lists one level below, so that those repeat nothing themselves. */
  readonly speaksForBelow: boolean;
}

/**
 * The lengths of one field. `first` is that of a list, or of the lists in a page; `buckets` that of each list in a
 * series; `names` names what a list has. A list that no argument speaks of has its usual length.
 */
export function lengthsOf({ name, node, field, spokenFor }: Place, asked: Asked): Lengths {
  const given = (argument: string): unknown => {
    const defined = field.args.find((each) => each.name === argument);
    if (!defined) return undefined;
    const value = node.arguments?.find((each) => each.name.value === argument)?.value;
    return whatIsIn(value, asked) ?? defined.defaultValue ?? null;
  };
  const isList = isListField(field.type);
  const [first, buckets, names] = [given('first'), given('buckets'), given('names')];
  const usual = isList && !spokenFor ? (LONG_LISTS[name] ?? USUAL_LIST) : 1;
  const own = first === undefined ? (countOf(names) ?? usual) : (numberFrom(first) ?? 1);
  return {
    times: Math.max(0, own) * Math.max(0, numberFrom(buckets) ?? 1),
    speaksForBelow: (first !== undefined && !isList) || buckets !== undefined,
  };
}

function isListField(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** Numbers and lists in the text or in the variables; of a list only its length counts. Null where there is neither. */
function whatIsIn(value: ValueNode | undefined, { operation, variables }: Asked): unknown {
  switch (value?.kind) {
    case Kind.VARIABLE: {
      const name = value.name.value;
      if (Object.hasOwn(variables, name)) return variables[name];
      const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
      return whatIsIn(definition?.defaultValue, { operation, variables });
    }
    case Kind.INT:
      return Number(value.value);
    case Kind.LIST:
      return value.values;
    case Kind.STRING:
      return value.value;
    default:
      return null;
  }
}

/** A single value stands for a list of one. Null where nothing is named. */
function countOf(names: unknown): number | null {
  if (names === undefined || names === null) return null;
  return Array.isArray(names) ? names.length : 1;
}

function numberFrom(value: unknown): number | null {
  return typeof value === 'number' && !Number.isNaN(value) ? value : null;
}

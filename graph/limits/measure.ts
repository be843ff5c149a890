/** Measures the shape of an operation as if its fragments were written out; knows no schema and no numbers that are too large. */
import { type FragmentDefinitionNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';

export interface Shape {
  /** Levels of fields, without those below `__schema` and `__type`. */
  readonly depth: number;
  /** Levels of fields below `__schema` and `__type`, themselves included. */
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields at the top of the selection. */
  readonly rootFields: number;
}

const EMPTY: Shape = { depth: 0, introspectionDepth: 0, aliases: 0, directives: 0, rootFields: 0 };

/** Finds a fragment by its name. */
export type Fragments = (name: string) => FragmentDefinitionNode | null | undefined;

/**
 * The shape of a selection. Each fragment is measured once, so that fragments that name each other by the dozen cost
 * nothing to refuse; a fragment inside itself counts as empty there, another rule reports it.
 */
export function measure(selectionSet: SelectionSetNode, fragments: Fragments): Shape {
  const known = new Map<string, Shape>();

  const ofSet = (set: SelectionSetNode | undefined): Shape =>
    (set?.selections ?? []).reduce((sum, selection) => beside(sum, ofSelection(selection)), EMPTY);

  const ofSelection = (selection: SelectionNode): Shape => {
    const directives = selection.directives?.length ?? 0;
    switch (selection.kind) {
      case Kind.FIELD: {
        const below = ofSet(selection.selectionSet);
        const aliases = below.aliases + (selection.alias ? 1 : 0);
        const isMeta = selection.name.value === '__schema' || selection.name.value === '__type';
        return {
          depth: isMeta ? 1 : below.depth + 1,
          introspectionDepth: isMeta ? below.depth + 1 : below.introspectionDepth,
          aliases,
          directives: below.directives + directives,
          rootFields: 1,
        };
      }
      case Kind.INLINE_FRAGMENT:
        return beside({ ...EMPTY, directives }, ofSet(selection.selectionSet));
      case Kind.FRAGMENT_SPREAD:
        return beside({ ...EMPTY, directives }, ofFragment(selection.name.value));
      default: {
        const unhandled: never = selection;
        return unhandled;
      }
    }
  };

  const ofFragment = (name: string): Shape => {
    const before = known.get(name);
    if (before) return before;
    known.set(name, EMPTY);
    const fragment = fragments(name);
    const own = { ...EMPTY, directives: fragment?.directives?.length ?? 0 };
    const shape = fragment ? beside(own, ofSet(fragment.selectionSet)) : EMPTY;
    known.set(name, shape);
    return shape;
  };

  return ofSet(selectionSet);
}

/** Two selections in one set. */
function beside(a: Shape, b: Shape): Shape {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    rootFields: a.rootFields + b.rootFields,
  };
}

/** What becomes of an input: a spec, or every problem in it. */
import type { Issue } from '../../spec/issues.ts';
import type { Spec } from '../../spec/spec.ts';

export type Resolved<S extends Spec = Spec> =
  | { readonly kind: 'resolved'; readonly spec: S }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

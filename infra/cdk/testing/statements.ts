/** What the policies in a template allow, each action and resource as one line of text; judges nothing. */
import type { RawTemplate } from './synthesize.ts';

export interface Allowed {
  /** Logical id of the role, policy or resource that says so. */
  readonly by: string;
  /** Policies of what belongs to a principal; else of a resource, which names who may. */
  readonly kind: 'identity' | 'resource';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
  readonly Resource?: unknown;
}

const list = <T>(value: T | readonly T[] | undefined): T[] => (value === undefined ? [] : ([value].flat() as T[]));

/** A value of a template as text: `<Name>` for what is only known when it is deployed. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(textOf).join('');
  const [[name, of]] = Object.entries(value) as [[string, unknown]];
  switch (name) {
    case 'Ref':
      return `<${of}>`;
    case 'Fn::GetAtt':
      return `<${(of as string[]).join('.')}>`;
    case 'Fn::Join':
      return list((of as [string, unknown[]])[1])
        .map(textOf)
        .join((of as [string])[0]);
    case 'Fn::ImportValue':
    case 'Fn::Sub':
      return textOf(of);
    default:
      return JSON.stringify(value);
  }
}

/** Every statement that allows something, of all policies of a template. */
export function allowedBy({ Resources }: RawTemplate): Allowed[] {
  return Object.entries(Resources).flatMap(([by, { Type, Properties = {} }]) => {
    const inline =
      Type === 'AWS::IAM::Role' ? list(Properties.Policies).map(({ PolicyDocument }) => PolicyDocument) : [];
    const documents = [...inline, ...list(Properties.PolicyDocument)];
    const kind = Type.startsWith('AWS::IAM::') ? ('identity' as const) : ('resource' as const);
    return documents
      .flatMap((document): Statement[] => list(document.Statement))
      .filter(({ Effect }) => Effect === 'Allow')
      .map((statement) => {
        if (statement.NotAction ?? statement.NotResource) throw new Error(`${by} allows all but something.`);
        return { by, kind, actions: list(statement.Action), resources: list(statement.Resource).map(textOf) };
      });
  });
}

/** Policies that others wrote and may change. */
export function managedPolicies({ Resources }: RawTemplate): string[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .flatMap(({ Properties }) => list(Properties?.ManagedPolicyArns).map(textOf));
}

/** What the exit codes of `ganway` mean, and the errors that carry them. */
export const EXIT = {
  ok: 0,
  /** The run failed, or something unexpected happened. */
  failed: 1,
  /** The command line or the input is wrong; nothing was started. */
  usage: 2,
  /** No server answers. */
  unreachable: 3,
  /** There is no such run, data set or file. */
  notFound: 4,
  /** The server refused in the state things are in. */
  refused: 5,
} as const;

/** Ends a command with words and an exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;
  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A result that is not the hoped-for member of its union, as a person reads it. */
export interface Refusal {
  readonly __typename: string;
  readonly message: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string; readonly message: string }[];
}

export function refusal({ __typename, message, issues = [] }: Refusal): CommandError {
  const lines = issues.map((issue) => `  ${issue.path.join('.')} ${issue.code}: ${issue.message}`);
  const exitCode =
    __typename === 'ValidationFailed' ? EXIT.usage : __typename === 'NotFound' ? EXIT.notFound : EXIT.refused;
  // The message repeats all issues for clients that show nothing else.
  return new CommandError(exitCode, lines.length > 0 ? ['Nothing was started:', ...lines].join('\n') : message);
}

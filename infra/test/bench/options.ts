/** Arguments of a benchmark: `--json` and its own, each with a default that says its type. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { SetupError } from '../../setup/setup-error.mjs';

type Widened<V> = V extends number ? number : V extends boolean ? boolean : string;

/** Reads `--name value` for every default, `--name` alone where that is false, and `--json`. Throws a SetupError that names what is known. */
export function readOptions<T extends Readonly<Record<string, number | string | boolean>>>(
  argv: readonly string[],
  defaults: T,
): { readonly json: boolean } & { readonly [K in keyof T]: Widened<T[K]> } {
  const names = Object.keys(defaults);
  const usage = `Known: --json ${Object.entries(defaults)
    .map(([name, value]) => (value === false ? `--${name}` : `--${name} ${value}`))
    .join(' ')}.`;
  const options: NonNullable<ParseArgsConfig['options']> = {
    json: { type: 'boolean' },
    ...Object.fromEntries(names.map((name) => [name, { type: defaults[name] === false ? 'boolean' : 'string' }])),
  };
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const read = Object.entries(defaults).map(([name, fallback]) => {
      const given = values[name];
      if (typeof given === 'boolean') return [name, given];
      if (typeof given !== 'string') return [name, fallback];
      if (typeof fallback === 'string') return [name, given];
      const number = Number(given);
      if (!(number > 0)) throw new RangeError(`--${name} must be a number above 0, not ${given}.`);
      return [name, number];
    });
    return { ...Object.fromEntries(read), json: values.json === true };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`${problem.replace(/\.?$/, '.')} ${usage}`, { cause });
  }
}

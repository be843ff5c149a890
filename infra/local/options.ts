/** What `npm start --` and `ganway up` understand; knows not what is done with it. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { SetupError } from '../setup/setup-error.mjs';

export interface UpOptions {
  readonly port: number;
  /** Folder of everything that outlives the process. */
  readonly home: string;
  /** Launch a small run where there is none. */
  readonly demo: boolean;
  readonly slots: number;
  /** One line of JSON instead of words when ready. */
  readonly json: boolean;
}

export const USAGE = `npm start -- [options]

  --port N            port of the API, default 4000
  --home FOLDER       where runs and data are kept, default .ganway
  --store KIND        minio or embedded, default the best there is
  --queue-slots N     trainings at once, default 1
  --no-demo           start no run by itself
  --json              print one line of JSON when ready
  --help              this text`;

/** @throws SetupError that says which option is wrong. */
export function parseUp(argv: readonly string[]): UpOptions | 'help' {
  const { values } = parse(argv);
  if (values.help) return 'help';
  return {
    port: integer('--port', values.port ?? '4000', 0, 65_535),
    home: values.home ?? '.ganway',
    demo: !values['no-demo'],
    slots: integer('--queue-slots', values['queue-slots'] ?? '1', 1, Math.max(64, availableParallelism())),
    json: values.json ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        home: { type: 'string' },
        store: { type: 'string' },
        'queue-slots': { type: 'string' },
        'no-demo': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new SetupError(`${cause instanceof Error ? cause.message : cause}\n\n${USAGE}`, { cause });
  }
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max && text.trim() !== '') return value;
  throw new SetupError(`${name} must be a whole number from ${min} to ${max}; "${text}" is not.`);
}

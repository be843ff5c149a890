/** The command line `ganway`: words to calls; every verb here is a client of a running server. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import type { TrainingInput } from '../operations.gen.ts';
import { ClientError, connect, type Transport } from '../transport.ts';
import { addDataset, listDatasets } from './datasets.ts';
import { CommandError, EXIT } from './exit.ts';
import { resume, runs, samples, stop, train } from './runs.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { watch } from './watch.ts';

interface GlobalOptions {
  readonly server: string;
  readonly json?: boolean;
}

type Action = (transport: Transport, terminal: Terminal) => Promise<number>;

/** Runs a command line (without `node` and script) and returns its exit code. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command('ganway')
    .description('Train GANs: launch, watch, stop, resume; over the GraphQL API of a Ganway server.')
    .addOption(new Option('--server <url>', 'where Ganway runs').default(env.GANWAY_SERVER ?? 'http://127.0.0.1:4000'))
    .option('--json', 'print JSON, one value a line, for scripts')
    .showHelpAfterError('(ganway help COMMAND tells more)')
    .exitOverride()
    .addHelpText(
      'after',
      `\nOn this machine:\n  up       start Ganway here, as npm start does\n  doctor   explain what this machine has and lacks\n  describe show what a preset is made of and what it costs`,
    );
  const run = async (action: Action) => {
    const { server, json } = program.opts<GlobalOptions>();
    exitCode = await action(openServer(server), openTerminal(json ?? false));
  };

  program
    .command('train')
    .description('launch a training and print its id')
    .requiredOption('--dataset <id>', 'the data set to learn, e.g. digits')
    .option('--preset <id>', 'the spec to start from, e.g. article-dcgan')
    .option('--kimg <n>', 'length in thousands of images shown', number)
    .option('--batch-size <n>', 'images of a step', whole)
    .option('--seed <n>', 'seed of every random number', whole)
    .option('--name <text>', 'name for people')
    .option('--max-runtime <seconds>', 'stop through a checkpoint after so long', whole)
    .option('--spec <json>', 'the rest of the training as JSON, e.g. \'{"loss":{"kind":"MINIMAX"}}\'', jsonObject)
    .option('--key <text>', 'idempotency key: the same key is the same run')
    .option('--follow', 'watch it until it ends')
    .action(({ spec, key, follow, maxRuntime, ...named }) => {
      const limits = maxRuntime === undefined ? {} : { limits: { maxRuntime } };
      const training: TrainingInput = { ...spec, ...limits, ...named };
      return run((transport, terminal) => train(transport, terminal, { training, key, follow: follow ?? false }));
    });
  program
    .command('runs')
    .description('list runs, newest first')
    .option('--limit <n>', 'how many', positive, 20)
    .option('--phase <name...>', 'only these phases, e.g. RUNNING')
    .action(({ limit, phase }) =>
      run((transport, terminal) => runs(transport, terminal, { limit, phases: phase ?? [] })),
    );
  program
    .command('watch <run>')
    .description('show a run as it happens, to its end')
    .action((id: string) => run((transport, terminal) => watch(transport, terminal, id)));
  program
    .command('stop <run>')
    .description('stop a run after a last checkpoint')
    .action((id: string) => run((transport, terminal) => stop(transport, terminal, id)));
  program
    .command('resume <run>')
    .description('continue a run that stopped or failed')
    .option('--follow', 'watch it until it ends')
    .action((id: string, { follow }) => run((transport, terminal) => resume(transport, terminal, id, follow ?? false)));
  program
    .command('samples <run>')
    .description('download the sample sheets of a run')
    .requiredOption('-o, --output <folder>', 'where to')
    .option('--set <name>', 'only this set of latents')
    .option('--every <steps>', 'one sheet per so many steps', positive)
    .action((id: string, { output, set, every }) =>
      run((transport, terminal) => samples(transport, terminal, id, { folder: output, set, every })),
    );
  const dataset = program.command('dataset').description('make and list data sets');
  dataset
    .command('add <path...>')
    .description('import a folder, a zip, IDX or CIFAR files; sub-folders become classes')
    .option('--size <pixels>', 'width and height of the images made', positive, 64)
    .option('--name <text>', 'name for people, default that of the first path')
    .action((paths: string[], { size, name }) =>
      run((transport, terminal) => addDataset(transport, terminal, { paths, size, name })),
    );
  dataset
    .command('list')
    .description('list data sets')
    .action(() => run(listDatasets));

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error);
  }
}

function openServer(server: string): Transport {
  try {
    return connect(server);
  } catch (cause) {
    throw new CommandError(EXIT.usage, `--server must be a URL such as http://127.0.0.1:4000; "${server}" is none.`, {
      cause,
    });
  }
}

/** Says what went wrong on standard error and returns the exit code. */
function explain(error: unknown): number {
  // Commander has written its own words already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${pc.red('ganway:')} ${message}\n`);
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof ClientError) return CLIENT_EXIT[error.code];
  return EXIT.failed;
}

const CLIENT_EXIT = {
  UNREACHABLE: EXIT.unreachable,
  INVALID: EXIT.usage,
  REFUSED: EXIT.refused,
} satisfies Record<ClientError['code'], number>;

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function whole(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It must be a JSON object.');
}

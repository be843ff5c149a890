/** The command line `ganway`: words to calls; every verb here is a client of a running server. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { ClientError, connect, type Transport } from '../transport.ts';
import { checkpoints } from './checkpoints.ts';
import { addDataset, listDatasets } from './datasets.ts';
import { CommandError, EXIT } from './exit.ts';
import { exportGenerator } from './export.ts';
import { createKey, listKeys, member, revokeKey } from './keys.ts';
import { resume, runs, samples, stop, train } from './runs.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { type Fields, isFields, parseSetting, type Setting, trainingInput } from './training-input.ts';
import { watch } from './watch.ts';

interface GlobalOptions {
  readonly server: string;
  readonly json?: boolean;
}

/** Verbs that need no server; the launcher has them. */
const LOCAL_VERBS = {
  up: 'start Ganway here, as npm start does',
  doctor: 'explain what this machine has and lacks',
  describe: 'show what a preset is made of and what it costs',
  metric: 'measure generated samples against real ones',
  extractor: 'train what metrics see images with',
  deploy: 'put Ganway on AWS',
  destroy: 'take it off again',
  prices: 'refresh the table of what rented machines cost',
};

type Action = (transport: Transport, terminal: Terminal) => Promise<number>;

/** Runs a command line (without `node` and script) and returns its exit code. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  let exitCode: number = EXIT.ok;
  const localVerbs = Object.entries(LOCAL_VERBS)
    .map(([verb, does]) => `  ${verb.padEnd(10)}${does}`)
    .join('\n');
  const program = new Command('ganway')
    .description('Train GANs: launch, watch, stop, resume; over the GraphQL API of a Ganway server.')
    .addOption(
      new Option('--server <url>', 'where Ganway runs; or GANWAY_URL').default(
        env.GANWAY_URL ?? 'http://127.0.0.1:4000',
      ),
    )
    .option('--json', 'print JSON, one value a line, for scripts')
    .showHelpAfterError('(ganway help COMMAND tells more)')
    .exitOverride()
    .addHelpText(
      'after',
      `\nGANWAY_TOKEN says who you are where the server asks: an API key, or a token of its issuer.\n\nOn this machine:\n${localVerbs}`,
    );
  const run = async (action: Action) => {
    const { server, json } = program.opts<GlobalOptions>();
    exitCode = await action(openServer(server, env.GANWAY_TOKEN?.trim() || null), openTerminal(json ?? false));
  };

  program
    .command('train')
    .description('launch a training and print its id')
    .option('--dataset <id>', 'the data set to learn, e.g. digits; with --from, that of the checkpoint')
    .option('--from <id>', 'begin with what a checkpoint has learned, or the newest one of a run, and with its spec')
    .option('--preset <id>', 'the spec to start from, e.g. r3gan')
    .option('--kimg <n>', 'length in thousands of images shown', number)
    .option('--batch-size <n>', 'images of a step', whole)
    .option('--micro-batches <n>', 'parts of a batch that a step computes one after the other, in less memory', whole)
    .option('--reuse-fakes', 'let the generator learn from the images that the discriminator has seen')
    .option(
      '--loss <kind>',
      'non-saturating, minimax, hinge, least-squares, wasserstein or relativistic-pairing',
      enumName,
    )
    .option('--lr <rate>', 'learning rate of both networks', number)
    .option('--lr-generator <rate>', 'learning rate of the generator', number)
    .option('--lr-discriminator <rate>', 'learning rate of the discriminator', number)
    .option('--seed <n>', 'seed of every random number', whole)
    .option('--name <text>', 'name for people')
    .option('--max-runtime <seconds>', 'stop through a checkpoint after so long', whole)
    .option('--max-cost <usd>', 'stop through a checkpoint before it costs more', number)
    .option('--max-queue-time <seconds>', 'give up where no machine is free for so long', whole)
    .option('--instance-type <type>', 'the machine to rent, e.g. g5.xlarge')
    .option('--set <path=value>', 'any other field of TrainingInput, e.g. model.dropout=0.2; may be repeated', setting)
    .option('--spec <json>', 'a TrainingInput as JSON, to which all other options are changes', jsonObject)
    .option('--key <text>', 'idempotency key: the same key is the same run')
    .option('--follow', 'watch it until it ends')
    .action(({ spec = {}, set = [], from, key, follow, ...flags }) => {
      const training = trainingInput(spec, flags, set);
      return run((transport, terminal) => train(transport, terminal, { training, from, key, follow: follow ?? false }));
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
  program
    .command('checkpoints <run>')
    .description('list the checkpoints of a run, newest first')
    .action((id: string) => run((transport, terminal) => checkpoints(transport, terminal, id)));
  program
    .command('export <checkpoint>')
    .description('download the generator of a checkpoint, or of the newest one of a run, for other programs')
    .requiredOption('-o, --output <folder>', 'where to')
    .requiredOption('--format <name...>', 'safetensors, saved-model, tfjs; one or more', enumNames)
    .option('--key <text>', 'idempotency key: the same key is the same run')
    .option('--follow', 'show what happens until then')
    .action((id: string, { output, format, key, follow }) =>
      run((transport, terminal) =>
        exportGenerator(transport, terminal, id, { folder: output, formats: format, key, follow: follow ?? false }),
      ),
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
  const project = new Option('--project <id>', 'default your first');
  const keys = program.command('keys').description('make, list and revoke API keys; for ADMINs');
  keys
    .command('create <name>')
    .description('make a key and print it, once')
    .addOption(roleOption().makeOptionMandatory())
    .option('--days <n>', 'how long it is good for; default until it is revoked', positive)
    .addOption(project)
    .action((name: string, options) =>
      run((transport, terminal) => createKey(transport, terminal, { name, ...options })),
    );
  keys
    .command('list')
    .description('list the keys of a project, newest first')
    .addOption(project)
    .action((options) => run((transport, terminal) => listKeys(transport, terminal, options.project)));
  keys
    .command('revoke <key>')
    .description('end a key for good, by its id')
    .action((id: string) => run((transport, terminal) => revokeKey(transport, terminal, id)));
  program
    .command('member <user>')
    .description('let somebody into a project or take them out, by the id that viewer { id } shows them; for ADMINs')
    .addOption(roleOption('none').makeOptionMandatory())
    .addOption(project)
    .action((user: string, { role, ...options }) => {
      const given = role === 'NONE' ? null : role;
      return run((transport, terminal) => member(transport, terminal, { user, role: given, ...options }));
    });

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error);
  }
}

function openServer(server: string, token: string | null): Transport {
  try {
    return connect(server, { token });
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

function roleOption(...more: readonly string[]): Option {
  const roles = ['viewer', 'runner', 'admin', ...more];
  return new Option('--role <role>', `what they may do: ${roles.join(', ')}`).argParser((text: string) => {
    if (roles.includes(text.toLowerCase())) return enumName(text);
    throw new InvalidArgumentError(`It must be one of ${roles.join(', ')}.`);
  });
}

/** The API writes its enums in capitals; it knows which there are. */
function enumName(text: string): string {
  return text.toUpperCase().replaceAll('-', '_');
}

function enumNames(text: string, before: readonly string[] = []): string[] {
  return [...before, enumName(text)];
}

function setting(text: string, before: readonly Setting[] = []): Setting[] {
  const parsed = parseSetting(text);
  if (parsed === null) throw new InvalidArgumentError('It must be PATH=VALUE, e.g. model.dropout=0.2.');
  return [...before, parsed];
}

function jsonObject(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It must be a JSON object.');
}

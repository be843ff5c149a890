/** The command line `ganway`: words to calls; every verb here is a client of a running server. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { ClientError, connect, type Transport } from '../transport.ts';
import { checkpoints } from './checkpoints.ts';
import { addDataset, listDatasets } from './datasets.ts';
import { CommandError, EXIT } from './exit.ts';
import { exportGenerator } from './export.ts';
import { resume, runs, samples, stop, train } from './runs.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { type Fields, isFields, parseSetting, type Setting, trainingInput } from './training-input.ts';
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
      `\nOn this machine:\n  up       start Ganway here, as npm start does\n  doctor   explain what this machine has and lacks\n  describe show what a preset is made of and what it costs\n  prices   refresh the table of what rented machines cost`,
    );
  const run = async (action: Action) => {
    const { server, json } = program.opts<GlobalOptions>();
    exitCode = await action(openServer(server), openTerminal(json ?? false));
  };

  program
    .command('train')
    .description('launch a training and print its id')
    .option('--dataset <id>', 'the data set to learn, e.g. digits; with --from, that of the checkpoint')
    .option('--from <id>', 'begin with what a checkpoint has learned, or the newest one of a run, and with its spec')
    .option('--preset <id>', 'the spec to start from, e.g. article-dcgan')
    .option('--kimg <n>', 'length in thousands of images shown', number)
    .option('--batch-size <n>', 'images of a step', whole)
    .option('--micro-batches <n>', 'parts of a batch that a step computes one after the other, in less memory', whole)
    .option('--reuse-fakes', 'let the generator learn from the images that the discriminator has seen')
    .option('--loss <kind>', 'non-saturating or minimax', enumName)
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

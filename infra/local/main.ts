/** `npm start` after its set-up: starts the local cloud, says so, stays until it is told to end; decides nothing else. */
import type { Prepared } from '../setup/prepare.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { ensureDemoData } from './demo-data/ensure.ts';
import { launchDemo } from './demo-run.ts';
import { openHome } from './home.ts';
import { parseUp, type UpOptions, USAGE } from './options.ts';
import { type Parts, type Stack, up } from './up.ts';

/** Runs until SIGINT or SIGTERM; the process exits with 0 then. Throws {@link SetupError} where it cannot start. */
export async function main(argv: readonly string[], prepared: Prepared, parts: Parts = {}): Promise<void> {
  const options = parseUp(argv);
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  // With --json standard output belongs to the one line that other programs wait for.
  const say = (line: string) => (options.json ? process.stderr : process.stdout).write(`ganway: ${line}\n`);
  const ended = untilSignalled();
  const home = openHome(options.home);
  try {
    const stack = await up(options, prepared, home, say, parts);
    try {
      await fill(stack, options, prepared, say);
      announce(stack, options, home.secrets, say);
      say(`${await ended}: every run writes a checkpoint and continues at the next start …`);
    } finally {
      await stack.stop();
    }
  } catch (error) {
    throw friendly(error);
  } finally {
    home.unlock();
  }
  process.exit(0);
}

/** Demo data, and a first run. The emoji take longer and nobody waits for them. */
async function fill(
  { wired }: Stack,
  { demo }: UpOptions,
  { cacheDir }: Prepared,
  say: (line: string) => void,
): Promise<void> {
  await ensureDemoData(wired.g.store, cacheDir, say, ['digits']);
  ensureDemoData(wired.g.store, cacheDir, say, ['emoji']).catch((error) => say(`demo data: ${error}`));
  if (!demo) return;
  const user = await wired.authenticate();
  const runId = user && (await launchDemo(wired.g, user));
  if (runId) say(`first run launched: ${runId} (npx ganway watch ${runId})`);
}

function announce(
  { url, queue, storage }: Stack,
  { json }: UpOptions,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  say: (line: string) => void,
): void {
  if (!json) {
    say(`ready ${url}`);
    return;
  }
  const { accessKeyId, secretAccessKey } = keys;
  const ready = {
    ready: true,
    graphql: `${url}/graphql`,
    queue: { endpoint: queue.endpoint, region: storage.access.region, accessKeyId, secretAccessKey },
    storage: storage.access,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

/** A Ctrl-C comes twice: from the terminal, and from npm that had it too. Later it means impatience, milliseconds. */
const ECHO_MS = 1000;
const PARENT_POLL_MS = 1000;

/** The first signal ends everything in order; one that comes later is not waited for. So is the death of npm, which cannot tell. */
function untilSignalled(): Promise<string> {
  return new Promise((resolve) => {
    let toldAt: number | null = null;
    const tell = (why: string) => {
      toldAt ??= Date.now();
      if (Date.now() - toldAt > ECHO_MS) process.exit(1);
      resolve(why);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => tell(signal));
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event === undefined) return;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      tell('npm is gone');
    }, PARENT_POLL_MS);
    watch.unref();
  });
}

/** Known troubles of a machine as one sentence. */
function friendly(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string };
  if (code === 'FULL' || code === 'ENOSPC') {
    return new SetupError('The disk is full. Free some space, or choose another place with --home.', { cause: error });
  }
  const cause = (error as { cause?: { code?: unknown } }).cause;
  const known = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'];
  if (known.includes(String(cause?.code))) return new SetupError(String(message), { cause: error });
  return error;
}

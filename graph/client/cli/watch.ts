/** `ganway watch`: a run as it happens, as a bar for people, lines for pipes, JSON for scripts. */
import { constants } from 'node:os';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import pc from 'picocolors';
import { type Batch, followRun, type RunEvent } from '../follow.ts';
import { type RunDetailFragment, RunDocument } from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { CommandError, EXIT } from './exit.ts';
import { bytesText, durationText, phaseText, type Terminal } from './terminal.ts';

type Values = Extract<RunEvent, { __typename: 'MetricsLogged' }>['values'];

/** Follows a run to its end. Interrupting it leaves the run alone. Returns the exit code the end deserves. */
export async function watch(transport: Transport, terminal: Terminal, runId: string): Promise<number> {
  const { run } = await transport.request(RunDocument, { id: runId });
  if (!run) throw new CommandError(EXIT.notFound, `There is no run "${runId}".`);
  const view = terminal.json ? jsonView(terminal) : terminal.interactive ? barView(run) : lineView(terminal, run);
  const interrupted = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => interrupted.abort(signal);
  for (const signal of SIGNALS) process.once(signal, onSignal);
  let phase: string = run.phase;
  try {
    for await (const batch of followRun(transport, runId, null, interrupted.signal)) {
      phase = batch.run.phase;
      view.show(batch);
    }
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    view.end();
  }
  if (interrupted.signal.aborted) {
    terminal.note(`The run goes on. ganway watch ${runId} shows it again, ganway stop ${runId} stops it.`);
    return 128 + constants.signals[interrupted.signal.reason as NodeJS.Signals];
  }
  return phase === 'FAILED' ? EXIT.failed : EXIT.ok;
}

/** Bar, percentage, two losses, speed and time left fit into 80 columns. */
const BAR_COLUMNS = 28;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

interface View {
  show(batch: Batch): void;
  end(): void;
}

function jsonView(terminal: Terminal): View {
  return {
    show: (batch) => {
      for (const event of batch.events) terminal.value(event);
    },
    end: () => undefined,
  };
}

function lineView(terminal: Terminal, run: RunDetailFragment): View {
  return {
    show: (batch) => {
      for (const event of batch.events) {
        const link = event.__typename === 'SampleAdded' ? `  ${event.sheet.url}` : '';
        terminal.print(`${event.at}  ${describe(event, run)}${link}`);
      }
    },
    end: () => undefined,
  };
}

function barView(run: RunDetailFragment): View {
  const total = run.spec?.kimg ?? 1;
  // Of the library's two kinds only the one for several bars can write lines above, and leaves the cursor below.
  const bars = new MultiBar(
    {
      format: `${pc.cyan('{bar}')} {percent}  {metrics}  {eta_text}`,
      barsize: BAR_COLUMNS,
      stream: process.stdout,
      hideCursor: true,
      forceRedraw: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let bar: SingleBar | undefined;
  let progress = { kimg: 0, text: '', eta: '' };
  return {
    show: (batch) => {
      for (const event of batch.events) {
        if (event.__typename !== 'MetricsLogged') {
          bars.log(`${new Date(event.at).toLocaleTimeString()}  ${describe(event, run)}\n`);
          continue;
        }
        const rate = latest(event.values, 'rate/images_per_second');
        const left = rate ? ((total - event.kimg) * 1000) / rate : null;
        progress = { kimg: event.kimg, text: metricsText(event.values), eta: left ? `${durationText(left)} left` : '' };
      }
      const percent = `${Math.floor(batch.run.progress * 100)} %`.padStart(5);
      const payload = { percent, metrics: progress.text, eta_text: progress.eta };
      bar ??= bars.create(total, 0, payload);
      bar.update(progress.kimg, payload);
    },
    end: () => {
      if (bar === undefined) return;
      bars.update();
      bars.stop();
    },
  };
}

/** What an event says, in a line. */
function describe(event: RunEvent, run: RunDetailFragment): string {
  switch (event.__typename) {
    case 'MetricsLogged':
      return `step ${event.step}  ${event.kimg.toFixed(2)} of ${run.spec?.kimg ?? '?'} kimg  ${metricsText(event.values)}`;
    case 'SampleAdded':
      return `sample sheet "${event.sheet.set}" at ${event.sheet.kimg.toFixed(2)} kimg`;
    case 'CheckpointSealed':
      return `checkpoint at step ${event.checkpoint.step}, ${bytesText(event.checkpoint.bytes)}`;
    case 'PhaseChanged':
      return event.reason ? `${phaseText(event.phase)}: ${event.reason.message}` : phaseText(event.phase);
    case 'AttemptStarted': {
      const { number, resumedFromStep } = event.attempt;
      return `attempt ${number} ${resumedFromStep === null ? 'begins afresh' : `continues from step ${resumedFromStep}`}`;
    }
    case 'GuardTripped':
      return `guard ${event.guard} at step ${event.step}: ${event.message} (${event.action})`;
  }
}

function metricsText(values: Values): string {
  const rate = latest(values, 'rate/images_per_second');
  const named = [
    ['D', latest(values, 'loss/discriminator')],
    ['G', latest(values, 'loss/generator')],
  ] as const;
  const losses = named.flatMap(([name, value]) => (value === null ? [] : [`${name} ${value.toFixed(3)}`]));
  return [...losses, ...(rate === null ? [] : [`${rate.toFixed(0)} img/s`])].join('  ');
}

function latest(values: Values, name: string): number | null {
  const metric = values.find((value) => value.name === name);
  return metric ? (metric.value ?? Number.NaN) : null;
}

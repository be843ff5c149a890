/** `ganway watch`: a run as it happens, as a bar for people, lines for pipes, JSON for scripts. */
import { Presets, SingleBar } from 'cli-progress';
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
  const view = terminal.json
    ? jsonView(terminal)
    : terminal.interactive
      ? barView(terminal, run)
      : lineView(terminal, run);
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  let phase: string = run.phase;
  try {
    for await (const batch of followRun(transport, runId, null, interrupted.signal)) {
      phase = batch.run.phase;
      view.show(batch);
    }
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    view.end();
  }
  if (interrupted.signal.aborted) {
    terminal.note(`The run goes on. ganway watch ${runId} shows it again, ganway stop ${runId} stops it.`);
    return 130;
  }
  return phase === 'FAILED' ? EXIT.failed : EXIT.ok;
}

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
      for (const event of batch.events) terminal.print(`${event.at}  ${describe(event, run)}`);
    },
    end: () => undefined,
  };
}

function barView(terminal: Terminal, run: RunDetailFragment): View {
  const total = run.spec?.kimg ?? 1;
  const bar = new SingleBar(
    {
      format: `${pc.cyan('{bar}')} {percent}  {metrics}  {eta_text}`,
      hideCursor: true,
      clearOnComplete: false,
      etaAsynchronousUpdate: false,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  );
  let started = false;
  const above = (line: string) => {
    if (started) process.stdout.write('\r\x1b[2K');
    terminal.print(line);
    if (started) bar.render();
  };
  let progress = { kimg: 0, text: '', eta: '' };
  return {
    show: (batch) => {
      for (const event of batch.events) {
        if (event.__typename !== 'MetricsLogged') {
          above(`${new Date(event.at).toLocaleTimeString()}  ${describe(event, run)}`);
          continue;
        }
        const rate = latest(event.values, 'rate/images_per_second');
        const left = rate ? ((total - event.kimg) * 1000) / rate : null;
        progress = { kimg: event.kimg, text: metricsText(event.values), eta: left ? `${durationText(left)} left` : '' };
      }
      const percent = `${Math.floor(batch.run.progress * 100)} %`.padStart(5);
      const payload = { percent, metrics: progress.text, eta_text: progress.eta };
      if (!started) bar.start(total, 0, payload);
      started = true;
      bar.update(progress.kimg, payload);
    },
    end: () => {
      if (started) bar.stop();
    },
  };
}

/** What an event says, in a line. */
function describe(event: RunEvent, run: RunDetailFragment): string {
  switch (event.__typename) {
    case 'MetricsLogged':
      return `step ${event.step}  ${event.kimg.toFixed(2)} of ${run.spec?.kimg ?? '?'} kimg  ${metricsText(event.values)}`;
    case 'SampleAdded':
      return `sample sheet "${event.sheet.set}" at ${event.sheet.kimg.toFixed(2)} kimg  ${event.sheet.url}`;
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

/** `ganway train`, `runs`, `stop`, `resume` and `samples`: what a person does with runs. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  LaunchTrainingDocument,
  ResumeRunDocument,
  RunDocument,
  RunsDocument,
  SamplesDocument,
  StopRunDocument,
  type TrainingInput,
} from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { findCheckpoint } from './checkpoints.ts';
import { download, makeFolder } from './download.ts';
import { CommandError, EXIT, refusal } from './exit.ts';
import { pages } from './pages.ts';
import { phaseText, type Terminal, table } from './terminal.ts';
import type { Fields } from './training-input.ts';
import { watch } from './watch.ts';

export interface TrainOptions {
  /** A TrainingInput, as far as it was given. */
  readonly training: Fields;
  /** A checkpoint to begin with, or a run whose newest it is. */
  readonly from?: string | undefined;
  /** A key of the user's own makes the command safe to repeat. */
  readonly key?: string | undefined;
  readonly follow: boolean;
}

export async function train(transport: Transport, terminal: Terminal, options: TrainOptions): Promise<number> {
  const training = await completed(transport, terminal, options);
  const input = { idempotencyKey: options.key ?? randomUUID(), training };
  const { launchTraining: result } = await transport.request(LaunchTrainingDocument, { input });
  if (result.__typename !== 'LaunchTrainingSuccess') throw refusal(result);
  const { run, replayed } = result;
  if (terminal.json) terminal.value({ id: run.id, phase: run.phase, replayed });
  else terminal.print(run.id);
  if (!options.follow) terminal.note(`${replayed ? 'Launched before' : 'Launched'}. ganway watch ${run.id} shows it.`);
  return options.follow ? watch(transport, terminal, run.id) : EXIT.ok;
}

/** The training that was asked for, with the checkpoint found, and its run's data set where none is named. */
async function completed(
  transport: Transport,
  terminal: Terminal,
  { training, from }: TrainOptions,
): Promise<TrainingInput> {
  // The server checks every field and says what it expects.
  const given = training as Fields & { readonly dataset?: string };
  if (from === undefined) {
    if (given.dataset !== undefined) return { ...given, dataset: given.dataset };
    throw new CommandError(
      EXIT.usage,
      'Say what to learn: --dataset ID, or --from CHECKPOINT for the data set of that.',
    );
  }
  const { id, runId, step } = await findCheckpoint(transport, from);
  const { run } = await transport.request(RunDocument, { id: runId });
  const dataset = given.dataset ?? run?.spec?.dataset.id;
  if (dataset === undefined) throw new CommandError(EXIT.notFound, `The run ${runId} is gone.`);
  terminal.note(`starting from step ${step} of ${runId}`);
  return { ...given, dataset, startFrom: { checkpoint: id } };
}

export interface RunsOptions {
  readonly limit: number;
  readonly phases: readonly string[];
}

export async function runs(transport: Transport, terminal: Terminal, { limit, phases }: RunsOptions): Promise<number> {
  const filter = phases.length > 0 ? { phases: phases as never } : null;
  const nodes = [];
  const first = Math.min(100, limit);
  const list = pages(async (after) => (await transport.request(RunsDocument, { first, after, filter })).runs);
  for await (const node of list) if (nodes.push(node) === limit) break;
  if (terminal.json) {
    for (const node of nodes) terminal.value(node);
    return EXIT.ok;
  }
  const rows = nodes.map((run) => [
    run.id,
    run.task,
    phaseText(run.phase),
    Number(run.kimg.toFixed(1)),
    `${Math.floor(run.progress * 100)} %`,
    run.name ?? '',
    run.reason?.message ?? '',
  ]);
  terminal.print(
    rows.length > 0
      ? table(['RUN', 'TASK', 'PHASE', 'KIMG', 'DONE', 'NAME', 'WHY'], rows)
      : 'No runs yet. ganway train --dataset digits starts one.',
  );
  return EXIT.ok;
}

export async function stop(transport: Transport, terminal: Terminal, id: string): Promise<number> {
  const { stopRun: result } = await transport.request(StopRunDocument, { id });
  if (result.__typename !== 'StopRunSuccess') throw refusal(result);
  if (terminal.json) terminal.value(result.run);
  else terminal.print(`${id} is ${phaseText(result.run.phase)}`);
  return EXIT.ok;
}

export async function resume(transport: Transport, terminal: Terminal, id: string, follow: boolean): Promise<number> {
  const { resumeRun: result } = await transport.request(ResumeRunDocument, { id });
  if (result.__typename !== 'LaunchTrainingSuccess') throw refusal(result);
  if (terminal.json) terminal.value(result.run);
  else terminal.print(`${id} is ${phaseText(result.run.phase)}`);
  return follow ? watch(transport, terminal, id) : EXIT.ok;
}

export interface SamplesOptions {
  readonly folder: string;
  readonly set?: string | undefined;
  readonly every?: number | undefined;
}

/** Downloads the sheets of a run as `<step>-<set>.png`, oldest first; those that are there already are written again. */
export async function samples(
  transport: Transport,
  terminal: Terminal,
  id: string,
  { folder, set, every }: SamplesOptions,
): Promise<number> {
  const list = pages(async (after) => {
    const variables = { id, first: 50, after, set: set ?? null, every: every ?? null };
    const { run } = await transport.request(SamplesDocument, variables);
    if (!run) throw new CommandError(EXIT.notFound, `There is no run "${id}".`);
    await makeFolder(folder);
    return run.samples;
  });
  for await (const sheet of list) {
    const { step, kimg, sha256 } = sheet;
    const file = join(folder, `${String(step).padStart(9, '0')}-${sheet.set}.png`);
    await download(sheet, file);
    if (terminal.json) terminal.value({ file, step, kimg, sha256 });
    else terminal.print(file);
  }
  return EXIT.ok;
}

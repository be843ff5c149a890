/** `ganway train`, `runs`, `stop`, `resume` and `samples`: what a person does with runs. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LaunchTrainingDocument,
  ResumeRunDocument,
  RunsDocument,
  SamplesDocument,
  type SamplesQueryVariables,
  StopRunDocument,
  type TrainingInput,
} from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { CommandError, EXIT, refusal } from './exit.ts';
import { phaseText, type Terminal, table } from './terminal.ts';
import { watch } from './watch.ts';

export interface TrainOptions {
  readonly training: TrainingInput;
  /** A key of the user's own makes the command safe to repeat. */
  readonly key?: string | undefined;
  readonly follow: boolean;
}

export async function train(transport: Transport, terminal: Terminal, options: TrainOptions): Promise<number> {
  const input = { idempotencyKey: options.key ?? randomUUID(), training: options.training };
  const { launchTraining: result } = await transport.request(LaunchTrainingDocument, { input });
  if (result.__typename !== 'LaunchTrainingSuccess') throw refusal(result);
  const { run, replayed } = result;
  if (terminal.json) terminal.value({ id: run.id, phase: run.phase, replayed });
  else terminal.print(run.id);
  if (!options.follow) terminal.note(`${replayed ? 'Launched before' : 'Launched'}. ganway watch ${run.id} shows it.`);
  return options.follow ? watch(transport, terminal, run.id) : EXIT.ok;
}

export interface RunsOptions {
  readonly limit: number;
  readonly phases: readonly string[];
}

export async function runs(transport: Transport, terminal: Terminal, { limit, phases }: RunsOptions): Promise<number> {
  const filter = phases.length > 0 ? { phases: phases as never } : null;
  const nodes = [];
  let after: string | null = null;
  while (nodes.length < limit) {
    const page: Awaited<ReturnType<typeof ask>> = await ask(after);
    nodes.push(...page.edges.map((edge) => edge.node));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  async function ask(cursor: string | null) {
    const first = Math.min(100, limit - nodes.length);
    return (await transport.request(RunsDocument, { first, after: cursor, filter })).runs;
  }
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
  let after: string | null = null;
  for (;;) {
    const variables = { id, first: 50, after, set: set ?? null, every: every ?? null };
    const { run }: Awaited<ReturnType<typeof ask>> = await ask(variables);
    if (!run) throw new CommandError(EXIT.notFound, `There is no run "${id}".`);
    await makeFolder(folder);
    for (const { node } of run.samples.edges) {
      const file = join(folder, `${String(node.step).padStart(9, '0')}-${node.set}.png`);
      await download(node.url, file);
      if (terminal.json) terminal.value({ file, step: node.step, kimg: node.kimg, sha256: node.sha256 });
      else terminal.print(file);
    }
    if (!run.samples.pageInfo.hasNextPage) return EXIT.ok;
    after = run.samples.pageInfo.endCursor;
  }
  function ask(variables: SamplesQueryVariables) {
    return transport.request(SamplesDocument, variables);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(EXIT.usage, `The folder ${folder} cannot be made: ${why}`, { cause });
  }
}

async function download(url: string, file: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new CommandError(EXIT.failed, `${url} answered ${response.status}.`);
  await writeFile(`${file}.part`, Buffer.from(await response.arrayBuffer()));
  await rename(`${file}.part`, file);
}

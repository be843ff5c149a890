/** `ganway export`: the generator of a checkpoint as files that other programs load. */
import { type ExportFormat, RunFilesDocument } from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { findCheckpoint } from './checkpoints.ts';
import { downloadAll, makeFolder } from './download.ts';
import { EXIT } from './exit.ts';
import { launchTask, untilSucceeded } from './task.ts';
import type { Terminal } from './terminal.ts';
import { watch } from './watch.ts';

export interface ExportOptions {
  readonly folder: string;
  readonly formats: readonly string[];
  /** A key of the user's own makes the command safe to repeat. */
  readonly key?: string | undefined;
  /** Print the events of the run, too. */
  readonly follow: boolean;
}

/** Exports a checkpoint, or the newest one of a run, and downloads every file below the folder once all are made. */
export async function exportGenerator(
  transport: Transport,
  terminal: Terminal,
  id: string,
  { folder, formats, key, follow }: ExportOptions,
): Promise<number> {
  const checkpoint = await findCheckpoint(transport, id);
  await makeFolder(folder);
  // The server says which formats it knows.
  const wanted = { checkpoint: checkpoint.id, formats: formats as readonly ExportFormat[] };
  const run = await launchTask(transport, { export: wanted }, key);
  terminal.note(`exporting step ${checkpoint.step} of ${checkpoint.runId} as run ${run.id}`);
  if (follow) {
    const exitCode = await watch(transport, terminal, run.id);
    if (exitCode !== EXIT.ok) return exitCode;
  }
  await untilSucceeded(transport, terminal, run);
  const made = await transport.request(RunFilesDocument, { id: run.id });
  for (const { file, name, bytes, sha256 } of await downloadAll(made.run?.files ?? [], folder)) {
    if (terminal.json) terminal.value({ file, name, bytes, sha256, run: run.id, checkpoint: checkpoint.id });
    else terminal.print(file);
  }
  return EXIT.ok;
}

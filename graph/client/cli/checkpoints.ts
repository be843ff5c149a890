/** `ganway checkpoints`, and how other verbs find the checkpoint that a person names. */
import { type CheckpointFieldsFragment, CheckpointsDocument, FindCheckpointDocument } from '../operations.gen.ts';
import type { Transport } from '../transport.ts';
import { CommandError, EXIT } from './exit.ts';
import { pages } from './pages.ts';
import { bytesText, type Terminal, table } from './terminal.ts';

/** Lists the checkpoints of a run, newest first, and whether the attempt that wrote each is what an undisturbed run would be. */
export async function checkpoints(transport: Transport, terminal: Terminal, id: string): Promise<number> {
  const found = [];
  let attempts: readonly { readonly number: number; readonly exact: boolean; readonly differs: readonly string[] }[] =
    [];
  const list = pages(async (after) => {
    const { run } = await transport.request(CheckpointsDocument, { id, first: 100, after });
    if (!run) throw new CommandError(EXIT.notFound, `There is no run "${id}".`);
    attempts = run.attempts;
    return run.checkpoints;
  });
  for await (const node of list) {
    const { exact = true, differs = [] } = attempts.find(({ number }) => number === node.attempt) ?? {};
    found.push({ ...node, exact, differs });
  }
  if (terminal.json) {
    for (const checkpoint of found) terminal.value(checkpoint);
    return EXIT.ok;
  }
  const rows = found.map((checkpoint) => [
    checkpoint.id,
    checkpoint.step,
    Number(checkpoint.kimg.toFixed(2)),
    checkpoint.sealedAt,
    checkpoint.trigger,
    bytesText(checkpoint.bytes),
    checkpoint.exact ? 'yes' : `no: other ${checkpoint.differs.join(', ')}`,
  ]);
  terminal.print(
    rows.length > 0
      ? table(['CHECKPOINT', 'STEP', 'KIMG', 'WHEN', 'TRIGGER', 'SIZE', 'EXACT'], rows)
      : `The run ${id} has no checkpoints.`,
  );
  return EXIT.ok;
}

/**
 * The checkpoint of an id, or the newest one where the id is a run's.
 *
 * @throws CommandError where there is none
 */
export async function findCheckpoint(transport: Transport, id: string): Promise<CheckpointFieldsFragment> {
  const { node } = await transport.request(FindCheckpointDocument, { id });
  if (node?.__typename === 'Checkpoint') return node;
  if (node?.__typename === 'Run') {
    if (node.latestCheckpoint) return node.latestCheckpoint;
    const why = node.task === 'TRAIN' ? 'has no checkpoint yet' : `is ${node.task}; only trainings have checkpoints`;
    throw new CommandError(EXIT.notFound, `The run ${id} ${why}.`);
  }
  const [runId, ...rest] = id.split('~');
  const hint = rest.length > 0 ? `ganway checkpoints ${runId} lists those of its run.` : 'ganway runs lists the runs.';
  throw new CommandError(EXIT.notFound, `There is no run or checkpoint "${id}". ${hint}`);
}

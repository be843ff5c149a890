/** A process that does the import of one work folder, given as its only argument, and nothing else; loads no TensorFlow. */
import { EXIT } from '../protocol.ts';
import { runTask } from '../trainer/run.ts';
import { openSpool } from '../trainer/spool.ts';
import { runImport } from './import.ts';

const [, , path] = process.argv;
if (path === undefined) {
  console.error('usage: import-main WORK_FOLDER');
  process.exit(EXIT.badSpec);
}
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const engine = {
  library: 'none',
  openTraining: () => Promise.reject(new Error('This process imports data sets; it cannot train.')),
  runImport,
  runExport: () => Promise.reject(new Error('This process imports data sets; it cannot export.')),
};
// Whoever started it through a channel and is gone has no use for the result.
const orphaned = (): never => process.exit(EXIT.retry);
process.once('disconnect', orphaned);
process.exitCode = await runTask(path, engine, openSpool(path), stop.signal);
process.removeListener('disconnect', orphaned);
process.disconnect?.();

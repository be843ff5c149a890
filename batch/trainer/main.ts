/** Entry of the trainer process, `main.ts <work folder> <folder of the native TensorFlow>`; needs no supervisor. */
import { EXIT } from '../protocol.ts';
import { listenForStop } from './commands.ts';
import { runTask } from './run.ts';
import { openSpool } from './spool.ts';

const [path, nativeDir] = process.argv.slice(2);
if (path === undefined || nativeDir === undefined) {
  console.error('usage: main.ts WORK_FOLDER NATIVE_FOLDER');
  process.exit(EXIT.badSpec);
}
const stop = listenForStop();
const spool = openSpool(path, () => {
  if (process.connected) process.send?.({ type: 'spool' });
});
// Each task loads only what it needs: an import runs where there is no TensorFlow.
const exitCode = await runTask(
  path,
  {
    openTraining: async (work, spec) => (await import('./open-training.ts')).openTraining(work, spec, nativeDir),
    runImport: async (work) => (await import('../tasks/import.ts')).runImport(work),
  },
  spool,
  stop,
);
process.exit(exitCode);

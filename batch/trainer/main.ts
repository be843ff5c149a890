/** Entry of the trainer process, `main.ts <work folder> [folder of the native TensorFlow] [executor]`; needs no supervisor. */
import { parseExecutor } from '../protocol/executor.ts';
import { EXIT } from '../protocol.ts';
import { hintSupervisor, listenForStop } from './commands.ts';
import { TrainerFailure } from './failure.ts';
import { runTask } from './run.ts';
import { openSpool } from './spool.ts';

const NO_TENSORFLOW = 'This machine has no native TensorFlow. npm start sets it up; then resumeRun.';

const [path, nativeDir, executor] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: main.ts WORK_FOLDER [NATIVE_FOLDER [EXECUTOR]]');
  process.exit(EXIT.badSpec);
}
const stop = listenForStop();
const spool = openSpool(path, hintSupervisor);
// Each task loads only what it needs: imports and exports run where there is no TensorFlow.
const exitCode = await runTask(
  path,
  {
    openTraining: async (work, spec) => {
      if (nativeDir === undefined) throw new TrainerFailure('TRAINER_BUG', NO_TENSORFLOW);
      return (await import('./open-training.ts')).openTraining(work, spec, {
        nativeDir,
        executor: parseExecutor(executor),
      });
    },
    runImport: async (work) => (await import('../tasks/import.ts')).runImport(work),
    runExport: async (work) => (await import('../tasks/export.ts')).runExport(work),
  },
  spool,
  stop,
);
process.exit(exitCode);

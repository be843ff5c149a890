/** A trainer process whose networks have no batch norm, whatever its spec says: `unnormed-trainer.ts <work folder> <native folder>`. */
import { openTraining } from '../open-training.ts';
import { type Engine, runTask } from '../run.ts';
import { openSpool } from '../spool.ts';
import { unnormedGan } from './unnormed.ts';

const [path = '.', nativeDir = ''] = process.argv.slice(2);
const refuse = () => Promise.reject(new RangeError('it only trains'));
const engine: Engine = {
  openTraining: (work, spec) => openTraining(work, spec, { nativeDir }, { build: unnormedGan }),
  runImport: refuse,
  runExport: refuse,
};
process.exit(
  await runTask(
    path,
    engine,
    openSpool(path, () => {}),
    new AbortController().signal,
  ),
);

/** A trainer process over the toy: `toy-trainer.ts <work folder> <milliseconds a step>`. */
import { hintSupervisor, listenForStop } from '../commands.ts';
import { runTask } from '../run.ts';
import { openSpool } from '../spool.ts';
import { toyEngine } from './toy-training.ts';

const [path = '.', stepMs = '0'] = process.argv.slice(2);
console.log(`toy trainer ${process.pid}`);
const stop = listenForStop();
const spool = openSpool(path, hintSupervisor);
process.exit(await runTask(path, toyEngine(Number(stepMs)), spool, stop));

/** Entry of the doctor's benchmark, `main.ts NATIVE_FOLDER THREADS SECONDS [EXECUTOR]`: prints one line of JSON. */
import { DEFAULT_PRESET } from '../../graph/spec/presets.ts';
import { imaginedTraining } from '../models/imagined.ts';
import { parseExecutor } from '../protocol/executor.ts';
import { timeSteps } from './time-steps.ts';

const [nativeDir = '', threads, seconds, executor] = process.argv.slice(2);
const resolved = imaginedTraining({
  preset: DEFAULT_PRESET,
  size: 28,
  channels: 1,
  images: 1000,
  threads: Number(threads),
});
if (resolved.kind === 'invalid') throw new Error(resolved.issues.map(({ message }) => message).join(' '));
const times = timeSteps(resolved.spec, { nativeDir, executor: parseExecutor(executor) }, Number(seconds));
console.log(JSON.stringify(times));

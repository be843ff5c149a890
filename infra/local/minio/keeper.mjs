/** Runs one MinIO server for a parent process and ends it some time after that parent is gone; knows nothing of Ganway. */
import { spawn } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';

// Trainings on the same machine come first: what they record can wait a moment. The server begins with its parent's priority.
setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));

const [outlivesMs = '', binary = '', ...args] = process.argv.slice(2);
const server = spawn(binary, args, { stdio: ['ignore', 'inherit', 'inherit'] });

server.once('spawn', () => process.send?.({ pid: server.pid }));
server.once('error', (error) => {
  console.error(`cannot be started: ${error.message}`);
  process.exit(1);
});
server.once('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));

for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) {
  process.on(signal, () => server.kill('SIGTERM'));
}
process.once('disconnect', () => {
  setTimeout(() => server.kill('SIGTERM'), Number(outlivesMs));
  setTimeout(() => server.kill('SIGKILL'), 2 * Number(outlivesMs));
});

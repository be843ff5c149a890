/** A queue in a process of its own, so that a test can kill it; takes its options as one JSON argument. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type QueueOptions, startQueue } from '../queue.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Omit<QueueOptions, 'onStateChange'>;
const queue = await startQueue({
  ...options,
  async onStateChange(event) {
    appendFileSync(join(options.home, 'events.ndjson'), `${JSON.stringify(event)}\n`);
  },
});
process.stdout.write(`${queue.endpoint}\n`);
process.once('SIGTERM', () => void queue.close().then(() => process.exit(0)));

/** Preload of a measured process, `peak-memory.mjs?to=FILE`: at the exit it writes the most memory that was ever resident, KiB. */
import { readFileSync, writeFileSync } from 'node:fs';

const to = new URL(import.meta.url).searchParams.get('to');
// Not getrusage's maximum: that one begins with the size of the parent.
const peak = () => /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
process.on('exit', () => writeFileSync(to ?? '/dev/stdout', peak()));

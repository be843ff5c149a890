import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { newHome, removeHomes, runningBelow } from './stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
afterAll(removeHomes);

/** `npm start`, as a person or a process manager starts it, ready. */
async function npmStart(home: string) {
  const npm = spawn('npm', ['start', '--silent', '--', '--port', '0', '--home', home, '--no-demo', '--json'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exit = once(npm, 'exit');
  const [line] = await once(npm.stdout, 'data');
  expect(JSON.parse(String(line))).toMatchObject({ ready: true });
  return { npm, exit };
}

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('leaves no process behind when npm is told %s', async (signal) => {
    const home = newHome();
    const { npm, exit } = await npmStart(home);
    expect(runningBelow(home).length).toBeGreaterThan(1);
    npm.kill(signal);
    await exit;
    await gone(home);
  });

  it('leaves no process behind when a terminal and npm both tell it of one Ctrl-C', async () => {
    const home = newHome();
    const { npm, exit } = await npmStart(home);
    process.kill(-(npm.pid ?? 0), 'SIGINT');
    await exit;
    await gone(home);
  });

  it('says in a sentence that its port is in use, and starts nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const home = newHome();
    const stack = spawn(process.execPath, ['infra/setup/start.mjs', '--port', port, '--home', home], { cwd: ROOT });
    let words = '';
    stack.stderr.on('data', (chunk) => {
      words += chunk;
    });
    const [code] = await once(stack, 'exit');
    server.close();
    expect(code).toBe(1);
    expect(words).toContain(`Port ${port} is in use.`);
    expect(words).not.toContain('    at ');
    expect(runningBelow(home)).toEqual([]);
  });
});

/** Resolves when nothing of a home runs any more; the test's time is the limit. */
async function gone(home: string): Promise<void> {
  while (runningBelow(home).length > 0) await new Promise((done) => setTimeout(done, 50));
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { ranBetween, takeTurns } from './turns.ts';

/** A process that prints the time as often as it can, until so many lines are out. */
function clock(lines: number) {
  const script = `let left = ${lines}; const say = () => { console.log(Date.now()); if (--left) setTimeout(say, 1); }; say();`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const closed = once(child, 'close');
  let over = false;
  void closed.then(() => {
    over = true;
  });
  const pids = () => (child.pid === undefined ? [] : [child.pid]);
  return { player: { pids, over: () => over }, times: () => said.trim().split('\n').map(Number), closed };
}

it('lets one run while the other stands still, until both are over', async () => {
  const clocks = [clock(400), clock(400)];
  const turns = await takeTurns(
    clocks.map(({ player }) => player),
    { turnMs: 100, pauseMs: 10 },
  );
  await Promise.all(clocks.map(({ closed }) => closed));
  for (const [index, { times }] of clocks.entries()) {
    const own = turns[index] ?? [];
    const first = own[0]?.from ?? Number.NaN;
    const during = times().filter((time) => time >= first);
    expect(own.length).toBeGreaterThan(1);
    expect(during.length).toBeGreaterThan(0);
    expect(during.filter((time) => !own.some(({ from, to }) => time >= from && time <= to))).toEqual([]);
  }
});

it('counts the time in which somebody ran', () => {
  const turns = [
    { from: 10, to: 20 },
    { from: 30, to: 50 },
    { from: 60, to: 70 },
  ];
  expect(ranBetween(turns, 15, 40)).toBe(15);
  expect(ranBetween(turns, 20, 30)).toBe(0);
  expect(ranBetween(turns, 0, 100)).toBe(40);
});

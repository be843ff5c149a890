/** Times each alternative of lowering/alternatives against the plain operation on its measured sizes; asserts nothing. */
import { cpus, tmpdir } from 'node:os';
import { openSession } from '../executors/open.ts';
import type { Alternative } from '../lowering/alternatives/alternative.ts';
import { alternatives } from '../lowering/alternatives/index.ts';
import { byAlternatives, type Pass } from '../lowering/optimise.ts';
import { createGraph, finish, halfSquareSum, type Program, read, signature, state } from '../program/index.ts';
import { initialise } from '../program/init.ts';
import { nativeDir } from '../testing/native.ts';

/** A program whose one call computes the example and a sum over it. Its inputs are state: nothing is copied in or out. */
function programOf<Size>({ example }: Alternative<Size>, size: Size): Program {
  const graph = createGraph();
  signature(graph, 'call', () => {
    const result = example(size, (name, shape) =>
      read(state(graph, name, shape, { init: { kind: 'normal', deviation: 1 } })),
    );
    return { sum: halfSquareSum(result) };
  });
  initialise(graph, 1);
  return finish(graph);
}

/** Medians in milliseconds, one for each way, of calls in turn. */
function timeInTurn(program: Program, ways: readonly (readonly Pass[])[], rounds: number): number[] {
  const sessions = ways.map((passes) => openSession(program, { nativeDir, workDir: tmpdir(), passes }));
  try {
    for (const session of sessions) session.call('init');
    const times = sessions.map((): number[] => []);
    for (let round = -3; round < rounds; round++) {
      sessions.forEach((session, way) => {
        const from = performance.now();
        session.call('call');
        if (round >= 0) times[way]?.push(performance.now() - from);
      });
    }
    return times.map((all) => all.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN);
  } finally {
    for (const session of sessions) session.close();
  }
}

/** Prints the table of each alternative as its file holds it. */
export function main(rounds = 40): void {
  console.log(`machine: '${cpus().length} × ${cpus()[0]?.model.trim()}'`);
  for (const alternative of alternatives) {
    console.log(`\n${alternative.name}`);
    for (const { size } of alternative.measured.rows) {
      const ways = [[], [byAlternatives([alternative])]];
      const [plain = 0, other = 0] = timeInTurn(programOf(alternative, size), ways, rounds);
      console.log(`{ size: ${JSON.stringify(size)}, plain: ${plain.toFixed(2)}, other: ${other.toFixed(2)} },`);
    }
  }
}

if (import.meta.url === `file://${process.argv[1]}`) main(Number(process.argv[2] ?? 40));

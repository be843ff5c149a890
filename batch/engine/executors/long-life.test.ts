/** Sessions that live long, and many that follow each other: neither handles nor memory grow. */
import { describe, expect, test } from 'vitest';
import {
  add,
  createGraph,
  current,
  feed,
  finish,
  type Program,
  read,
  scale,
  signature,
  state,
  update,
} from '../program/index.ts';
import { initialise } from '../program/init.ts';
import type { Session } from '../session.ts';
import { executors } from './testing/executors.ts';

/** Bytes by which the process may grow: JavaScript's heap takes its time. What follows would leak four times as much. */
const SLACK = 64 * 2 ** 20;

/** State, a feed and a fetch, each of `size` floats. */
function buildWalk(size: number): Program {
  const graph = createGraph();
  const place = state(graph, 'place', [size], { init: { kind: 'fill', value: 0 } });
  signature(graph, 'walk', () => {
    const push = feed(graph, 'push', 'float32', [size]);
    return { place: read(update(current(place), add(scale(read(place), 0.5), push))) };
  });
  initialise(graph, 1);
  return finish(graph);
}

function walk(session: Session, size: number, step: number): void {
  session.call('walk', { push: { dtype: 'float32', shape: [size], data: new Float32Array(size).fill(step) } });
}

/** Resident bytes by which `go` lets the process grow. */
function growthOf(go: () => void): number {
  const before = process.memoryUsage.rss();
  go();
  return process.memoryUsage.rss() - before;
}

describe.each(executors)('$name', ({ open }) => {
  test('takes 5,000 steps without growing', () => {
    const size = 2 ** 14;
    const session = open(buildWalk(size));
    const steps = (from: number, to: number) => {
      for (let step = from; step < to; step++) walk(session, size, step);
    };
    session.call('init');
    steps(0, 1000);
    const handles = session.handles();
    const growth = growthOf(() => steps(1000, 5000));
    expect(session.handles()).toBe(handles);
    expect(growth).toBeLessThan(SLACK);
    session.close();
  });

  test('gives back all that 200 sessions held', () => {
    const size = 2 ** 18;
    const program = buildWalk(size);
    const live = (count: number): number => {
      let handles = 0;
      for (let n = 0; n < count; n++) {
        const session = open(program);
        session.call('init');
        walk(session, size, n);
        session.write(session.read());
        session.close();
        handles = session.handles();
      }
      return handles;
    };
    const handles = live(20);
    const growth = growthOf(() => expect(live(200)).toBe(handles));
    expect(handles).toBe(0);
    expect(growth).toBeLessThan(SLACK);
  });
});

import { expect, test } from 'vitest';
import { createGraph, finish, state } from '../program/index.ts';
import { initialise } from '../program/init.ts';
import type { TensorValue } from '../session.ts';
import { using } from '../testing/differences.ts';
import { executors } from './testing/executors.ts';

/** One array in four lies on 64 bytes, where TensorFlow may take it for its own. */
const STATES = 60;

function program() {
  const graph = createGraph();
  for (let index = 0; index < STATES; index++) {
    state(graph, `weight${index}`, [1000 + index], { init: { kind: 'fill', value: 0 } });
  }
  initialise(graph, 1);
  return finish(graph);
}

test.each(executors)('what is written through $name is a copy', ({ open }) => {
  using(open(program()), (session) => {
    session.call('init');
    const written = new Map<string, TensorValue>();
    for (const [name, { shape, dtype }] of session.read()) {
      if (dtype === 'float32') written.set(name, { dtype, shape, data: new Float32Array(shape[0] ?? 0).fill(0.5) });
    }
    session.write(written);
    for (const { data } of written.values()) data.fill(7);
    for (const [name, { data }] of session.read([...written.keys()])) expect(data[0], name).toBe(0.5);
  });
});

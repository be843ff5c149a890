/** Any part of a program's state, saved and restored by name through files, on real TensorFlow. */
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../trainer/safetensors.ts';
import { createGraph, finish, type Program, read, signature, state } from './program/index.ts';
import { initialise } from './program/init.ts';
import { checkpointState, learnedState } from './program/state.ts';
import { restore } from './restore.ts';
import type { Session, TensorValue } from './session.ts';
import { using } from './testing/differences.ts';
import { open } from './testing/native.ts';

/** Two players' weights, a moment and an average; the seed decides their values. */
function build(seed: number, width = 3): Program {
  const graph = createGraph();
  const init = { kind: 'uniform', limit: 1 } as const;
  const kernel = state(graph, 'generator/kernel', [2, width], { init });
  state(graph, 'discriminator/kernel', [width, 1], { init });
  state(graph, 'generator/norm/mean', [width], { role: 'average', init });
  state(graph, 'adam/generator/kernel/first', [2, width], { role: 'optimizer', init });
  state(graph, 'images', [4], { dtype: 'uint8', role: 'data', init: { kind: 'fill', value: 0 } });
  signature(graph, 'look', () => ({ kernel: read(kernel) }));
  initialise(graph, seed);
  return finish(graph);
}

const started = (program: Program): Session => {
  const session = open(program);
  session.call('init');
  return session;
};
const copyOf = (tensors: ReadonlyMap<string, TensorValue>) =>
  decodeSafetensors(Buffer.concat(encodeSafetensors(tensors)));
const namesOf = (states: readonly { readonly name: string }[]) => states.map(({ name }) => name);

describe('a part of the state', () => {
  const program = build(1);
  const other = build(2);
  const everything = namesOf(checkpointState(program.state));
  let source: ReadonlyMap<string, TensorValue>;
  beforeAll(() => {
    source = using(started(other), (session) => session.read());
  });

  it.each([
    ['the generator', everything.filter((name) => name.startsWith('generator/'))],
    ['what was learned', namesOf(learnedState(program.state))],
    ['one tensor', ['discriminator/kernel']],
    ['nothing', []],
    ['everything', everything],
  ])('is saved and restored by name and leaves the rest alone: %s', (_, names) => {
    using(started(other), (from) => {
      using(started(program), (to) => {
        const before = to.read();
        const wanted = program.state.filter(({ name }) => names.includes(name));
        restore(to, wanted, copyOf(from.read(names)));
        const after = to.read();
        for (const name of everything) {
          expect([name, after.get(name)]).toEqual([name, (names.includes(name) ? source : before).get(name)]);
        }
      });
    });
  });

  it('differs between the two programs in every value, or the test above shows nothing', () => {
    using(started(program), (session) => {
      for (const [name, { data }] of session.read()) expect([name, data]).not.toEqual([name, source.get(name)?.data]);
    });
  });

  it('that does not fit is refused with every tensor that is wrong, and nothing is written', () => {
    const wider = using(started(build(2, 4)), (session) => session.read());
    const given = new Map([...wider, ['stray', { dtype: 'int32', shape: [], data: Int32Array.of(1) } as const]]);
    given.delete('generator/norm/mean');
    using(started(program), (session) => {
      const before = session.read();
      expect(() => restore(session, checkpointState(program.state), given)).toThrow(
        'The checkpoint does not fit: ' +
          'adam/generator/kernel/first is float32 [2, 4] in the checkpoint and float32 [2, 3] in this training; ' +
          'discriminator/kernel is float32 [4, 1] in the checkpoint and float32 [3, 1] in this training; ' +
          'generator/kernel is float32 [2, 4] in the checkpoint and float32 [2, 3] in this training; ' +
          'generator/norm/mean is float32 [3] in this training and missing in the checkpoint; ' +
          'stray is int32 [] in the checkpoint and missing in this training.',
      );
      expect(session.read()).toEqual(before);
    });
  });
});

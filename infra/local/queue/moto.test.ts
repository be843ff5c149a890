/** The queue beside moto, the stand-in for AWS of the Python world: the same calls have answers of the same shape, but for what is listed here. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { motoPython, runPython, startMoto } from '../../test/foreign/python.ts';
import { credentials, openBench, PATIENCE_MS, region } from './testing/bench.ts';

vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

const python = await motoPython();

type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };
type Answers = Readonly<Record<string, Shape>>;

/** The leaves of a shape, each by its path; an empty list has none. */
function leaves(shape: Shape, path = ''): readonly (readonly [path: string, kind: string])[] {
  if (typeof shape !== 'object') return [[path, String(shape)]];
  if (Array.isArray(shape)) return shape.flatMap((inner: Shape) => leaves(inner, `${path}[]`));
  return Object.entries(shape).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`));
}

/** What one has and the other has not, or of another kind: `call: path kind`. */
function lacks(one: Answers, other: Answers): string[] {
  return Object.entries(one).flatMap(([call, shape]) => {
    const known = new Map(leaves(other[call] ?? {}));
    return leaves(shape).flatMap(([path, kind]) => (known.get(path) === kind ? [] : [`${call}: ${path} ${kind}`]));
  });
}

/** What moto does not show, each with the reason why the queue does. */
const NOT_IN_MOTO: readonly (readonly [RegExp, string])[] = [
  [/exitCode int$/, 'no container of moto without Docker ever ran'],
  [/statusReason str$/, 'moto gives a reason only where a job was ended by hand; AWS always does'],
  [/jobs\[\]\.(isCancelled|isTerminated|propagateTags) bool$/, 'moto drops them; AWS shows them of every job'],
  [/jobs\[\]\.retryStrategy\.attempts int$/, 'moto takes a retry strategy and drops it'],
  [/platformCapabilities\[\] str$/, 'moto shows them only where a definition names them; AWS says EC2 then'],
  [/arrayProperties\.index int$/, 'moto does not number the children of an array'],
  [/unmanagedvCpus int$/, 'the local compute environment is one that nobody manages'],
  [/^terminate unknown: error|^terminate unknown: status/, 'moto ends what it does not know without a word'],
  [/^submit bad name: (error|status)/, 'moto takes a name that begins with a hyphen; AWS refuses it'],
];

/** What only moto shows, each with the reason why the queue does not. */
const ONLY_IN_MOTO: readonly (readonly [RegExp, string])[] = [
  [/containerInstanceArn str$|taskArn str$/, 'there is no ECS task here'],
  [
    /container(Properties)?\.(command\[\]|memory|vcpus|privileged|readonlyRootFilesystem) /,
    'the local command is fixed',
  ],
  [
    /computeResources\.|ecsClusterArn|serviceRole/,
    'the local compute environment has no instances, no cluster and no role',
  ],
  [
    /^describe array: jobs\[\]\.(startedAt int|container\.logStreamName str)$/,
    'moto runs the array itself; AWS only its children',
  ],
  [/^submit bad name: job/, 'moto takes a name that begins with a hyphen; AWS refuses it'],
];

const unexplained = (found: readonly string[], reasons: readonly (readonly [RegExp, string])[]) =>
  found.filter((difference) => !reasons.some(([pattern]) => pattern.test(difference)));

test.runIf(python)('the same calls have answers of the same shape from the queue and from moto', async () => {
  const bench = await openBench({ slots: 2 });
  const moto = await startMoto(python ?? '');
  onTestFinished(() => moto.stop());
  const answer = await runPython(python ?? '', 'batch_peer.py', [bench.queue.endpoint, moto.endpoint], {
    region,
    ...credentials,
  });
  const { ours, moto: theirs } = JSON.parse(answer) as { readonly ours: Answers; readonly moto: Answers };
  expect(Object.keys(ours)).toEqual(Object.keys(theirs));
  expect(Object.keys(ours).length).toBeGreaterThan(20);
  const [more, less] = [lacks(ours, theirs), lacks(theirs, ours)];
  expect(unexplained(more, NOT_IN_MOTO)).toEqual([]);
  expect(unexplained(less, ONLY_IN_MOTO)).toEqual([]);
  // A reason that explains nothing any more is to go.
  const idle = (reasons: readonly (readonly [RegExp, string])[], found: readonly string[]) =>
    reasons.filter(([pattern]) => !found.some((difference) => pattern.test(difference)));
  expect([...idle(NOT_IN_MOTO, more), ...idle(ONLY_IN_MOTO, less)]).toEqual([]);
});

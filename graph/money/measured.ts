/** How fast trainings of one kind were, a few newest in one object, so that a plan needs one read; knows no estimate. */
import * as v from 'valibot';
import type { Snapshot } from '../run/load.ts';
import { isTerminal } from '../run/state.ts';
import type { TrainSpec } from '../spec/spec.ts';
import { canonicalJson, decodeJson, encodeJson, JSON_TYPE, sha256 } from '../storage/json.ts';
import { keys, projectOfRun } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/ports.ts';

/** Measurements kept of a kind. */
const MOST = 30;
/** The first steps are slower than the rest: a fragment of fewer says little. */
const FEWEST_STEPS = 100;

const measurement = v.object({
  runId: v.string(),
  /** {@link hashOf} its spec. */
  spec: v.string(),
  /** {@link placeOf} its spec. */
  place: v.string(),
  secondsPerStep: v.pipe(v.number(), v.gtValue(0)),
});
const measuredFile = v.object({ v: v.literal(1), runs: v.array(measurement) });

export type Measurement = v.InferOutput<typeof measurement>;

/** Where and in what a spec is computed: machines of one name are alike, and so are the slots of one server. */
export const placeOf = ({ resources: { instanceType, threads, precision = 'FP32' } }: TrainSpec): string =>
  `${instanceType ?? 'slot'}/${threads}/${precision}`;

/** The same for specs that compute the same: what may vary is where, and how long they may. */
export const hashOf = ({ resources: _, limits: _limits, ...spec }: TrainSpec): string => sha256(canonicalJson(spec));

/** The same for specs whose steps take equally long: networks, batch, images and penalty; not how many steps, at what rates, from which seed. */
function kindOf(spec: TrainSpec): string {
  const { model, batchSize, microBatches, reuseFakes, loss } = spec;
  const { width, height, channels } = spec.dataset;
  const { kind, fraction } = spec.regularizer;
  const work = {
    model,
    batchSize,
    microBatches,
    reuseFakes,
    loss,
    penalty: { kind, fraction },
    ema: spec.ema !== null,
  };
  return sha256(canonicalJson({ ...work, width, height, channels }));
}

/** What was measured of trainings like this one in a project, newest first. */
export async function loadMeasured(store: ObjectStore, projectId: string, spec: TrainSpec): Promise<Measurement[]> {
  const object = await store.get(keys.measured(projectId, kindOf(spec)));
  return object ? parse(object.body) : [];
}

/** Writes down how fast a run was that has ended; one that is there already changes nothing. A lost race is no loss. */
export async function recordMeasured(store: ObjectStore, run: Snapshot): Promise<void> {
  const measured = measure(run);
  if (!measured || run.file.spec.task !== 'TRAIN') return;
  const key = keys.measured(projectOfRun(run.file.runId), kindOf(run.file.spec));
  const before = await store.get(key);
  const runs = before ? parse(before.body) : [];
  if (runs.some(({ runId }) => runId === measured.runId)) return;
  const body = encodeJson({ v: 1, runs: [measured, ...runs].slice(0, MOST) });
  if (before) await store.replace(key, body, before.etag, JSON_TYPE);
  else await store.create(key, body, JSON_TYPE);
}

/** Of the newest attempt, from when it began to compute to its last word: sheets and checkpoints are in it. */
function measure({ file, state }: Snapshot): Measurement | null {
  const { spec, runId } = file;
  const attempt = state.attempts.at(-1);
  if (spec.task !== 'TRAIN' || !isTerminal(state.phase) || !attempt?.trainingSince) return null;
  const steps = state.step - (attempt.resumedFromStep ?? 0);
  const seconds = (Date.parse(attempt.heardAt) - Date.parse(attempt.trainingSince)) / 1000;
  if (steps < Math.min(FEWEST_STEPS, spec.steps) || seconds <= 0) return null;
  return { runId, spec: hashOf(spec), place: placeOf(spec), secondsPerStep: seconds / steps };
}

/** Nothing where another version wrote it: estimates get worse and nothing else. */
function parse(body: Uint8Array): Measurement[] {
  const parsed = v.safeParse(measuredFile, decodeJson(body));
  return parsed.success ? parsed.output.runs : [];
}

/** What stands behind each type of the schema while a query runs: domain values, plus the id of the run they came from. */
import type { LoadedDataset } from '../datasets/load.ts';
import type { Role } from '../ganway.ts';
import { spentOf } from '../money/spent.ts';
import type { Cursor } from '../run/cursor.ts';
import type { Snapshot } from '../run/load.ts';
import type { JsonNumber } from '../run/numbers.ts';
import type { ApiEvent, EventPage } from '../run/replay.ts';
import type { AttemptState, CheckpointRecord, RunState, SampleRecord } from '../run/state.ts';
import type { DatasetManifest } from '../spec/dataset.ts';
import type { PinnedDataset } from '../spec/spec.ts';

export type RunModel = Snapshot;

/** An attempt and what it has cost, US dollars. */
export interface AttemptModel extends AttemptState {
  readonly costUsd: number;
}

export function attemptModels(state: RunState): AttemptModel[] {
  const spent = spentOf(state).attempts;
  return state.attempts.map((attempt) => ({ ...attempt, costUsd: spent.get(attempt.number)?.usd ?? 0 }));
}

export interface ProjectModel {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface SheetModel {
  readonly runId: string;
  readonly sample: SampleRecord;
}

export interface CheckpointModel {
  readonly runId: string;
  readonly checkpoint: CheckpointRecord;
}

export interface MetricModel {
  readonly name: string;
  readonly step: number;
  readonly value: JsonNumber;
  readonly at: string;
}

/** A batch of events; its snapshot is the run at `cursor` or later. */
export type BatchModel = EventPage;

/** One event of a batch, with the run it happened in. */
interface Placed<T extends ApiEvent['type']> {
  readonly cursor: Cursor;
  readonly event: Extract<ApiEvent, { readonly type: T }>;
  readonly snapshot: Snapshot;
}
export type MetricsLoggedModel = Placed<'METRICS'>;
export type SampleAddedModel = Placed<'SAMPLE'>;
export type CheckpointSealedModel = Placed<'CHECKPOINT_SEALED'>;
export type PhaseChangedModel = Placed<'PHASE'>;
export type AttemptStartedModel = Placed<'ATTEMPT_STARTED'>;
export type GuardTrippedModel = Placed<'GUARD_TRIPPED'>;

/** A data set; the manifest is null where only the pinned part is at hand. */
export interface DatasetModel {
  readonly pinned: PinnedDataset;
  readonly manifest: DatasetManifest | null;
}

export function datasetModel({ manifest, digest }: LoadedDataset): DatasetModel {
  const { id, name, images, width, height, channels, classes } = manifest;
  return { pinned: { id, digest, name, images, width, height, channels, classes }, manifest };
}

export interface LogLineModel {
  readonly at: string;
  readonly attempt: number;
  readonly text: string;
}

export interface LogPageModel {
  readonly lines: readonly LogLineModel[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

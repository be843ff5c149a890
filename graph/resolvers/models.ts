/** What stands behind each type of the schema while a query runs: domain values, plus the id of the run they came from. */
import type { Role } from '../ganway.ts';
import type { Cursor } from '../run/cursor.ts';
import type { Snapshot } from '../run/journal.ts';
import type { JsonNumber } from '../run/numbers.ts';
import type { ApiEvent } from '../run/replay.ts';
import type { CheckpointRecord, SampleRecord } from '../run/state.ts';
import type { DatasetManifest } from '../spec/dataset.ts';
import type { PinnedDataset } from '../spec/spec.ts';

export type RunModel = Snapshot;

export interface ProjectModel {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface SheetModel {
  readonly runId: string;
  readonly sample: Omit<SampleRecord, 'bytes'>;
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

/** A batch of events; `snapshot` is the run at `cursor` or later. */
export interface BatchModel {
  readonly since: Cursor;
  readonly cursor: Cursor;
  readonly events: readonly { readonly cursor: Cursor; readonly event: ApiEvent }[];
  readonly hasMore: boolean;
  readonly snapshot: Snapshot;
}

/** One event of a batch, with the run it happened in. */
export interface EventModel {
  readonly cursor: Cursor;
  readonly event: ApiEvent;
  readonly snapshot: Snapshot;
}

/** A data set; the manifest is null where only the pinned part is at hand. */
export interface DatasetModel {
  readonly pinned: PinnedDataset;
  readonly manifest: DatasetManifest | null;
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

export interface IssueModel {
  readonly path: readonly string[];
  readonly code: string;
  readonly message: string;
}

/** Tasks that are no trainings: each kind of input has a function that makes its spec; knows none of their contents. */
import type { Ganway, Viewer } from '../../ganway.ts';
import { type ExportInput, prepareExport } from './export.ts';
import { type ImportInput, prepareImport } from './import.ts';
import type { Resolved } from './resolved.ts';

/** Exactly one of these. */
export interface TaskInput {
  readonly importDataset?: ImportInput | null;
  readonly export?: ExportInput | null;
}

/** The spec of a task, or every problem in its input. */
export async function prepareTask(g: Ganway, viewer: Viewer, projectId: string, task: TaskInput): Promise<Resolved> {
  if (task.importDataset) return prepareImport(g, projectId, task.importDataset);
  if (task.export) return prepareExport(g, viewer, task.export);
  const message = 'Say what to do: the tasks this server knows are importDataset and export.';
  return { kind: 'invalid', issues: [{ path: ['task'], code: 'REQUIRED', message }] };
}

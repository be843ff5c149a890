/** An export as a user asks for it, made into its spec: a checkpoint that is there, formats that there are; exports nothing. */
import type { Ganway, Viewer } from '../../ganway.ts';
import { collector } from '../../spec/issues.ts';
import type { ExportFormat, ExportSpec } from '../../spec/spec.ts';
import { findCheckpoint, unknownCheckpoint } from '../find-checkpoint.ts';
import type { Resolved } from './resolved.ts';
import { taskResources } from './resources.ts';

export interface ExportInput {
  readonly checkpoint: string;
  readonly formats: readonly ExportFormat[];
}

/** The spec of an export, or every problem in its input. */
export async function prepareExport(g: Ganway, viewer: Viewer, input: ExportInput): Promise<Resolved<ExportSpec>> {
  const check = collector(['task', 'export']);
  const found = await findCheckpoint(g, viewer, input.checkpoint);
  if (found === null) check.add(['checkpoint'], 'UNKNOWN_CHECKPOINT', unknownCheckpoint(input.checkpoint));
  if (input.formats.length === 0) check.add(['formats'], 'REQUIRED', 'formats must name at least one format.');
  if (found === null || check.issues.length > 0) return { kind: 'invalid', issues: check.issues };
  const spec: ExportSpec = {
    v: 1,
    task: 'EXPORT',
    checkpoint: found.pinned,
    training: found.spec,
    formats: [...new Set(input.formats)],
    resources: taskResources(g.settings),
    limits: { maxRuntime: null },
  };
  return { kind: 'resolved', spec };
}

/** An import as a user asks for it, made into its spec: uploads that have arrived, a data set that is to be; imports nothing. */
import { loadUpload } from '../../datasets/upload.ts';
import type { Ganway } from '../../ganway.ts';
import { collector } from '../../spec/issues.ts';
import { NAME_LENGTH } from '../../spec/resolve.ts';
import type { ImportSpec } from '../../spec/spec.ts';
import { randomText } from '../../storage/new-id.ts';
import type { Resolved } from './resolved.ts';
import { taskResources } from './resources.ts';

export interface ImportInput {
  readonly uploads: readonly string[];
  readonly name: string;
  readonly size: number;
}

/** The spec of an import, or every problem in its input. */
export async function prepareImport(g: Ganway, projectId: string, input: ImportInput): Promise<Resolved<ImportSpec>> {
  const check = collector(['task', 'importDataset']);
  if (input.name.trim() === '') check.add(['name'], 'REQUIRED', 'name must say what the data set is called.');
  if (input.name.length > NAME_LENGTH) {
    check.add(['name'], 'TOO_LONG', `name must have at most ${NAME_LENGTH} characters.`);
  }
  const size = check.number(['size'], input.size, { fallback: 64, min: 8, max: 256, integer: true });
  if (input.uploads.length === 0) check.add(['uploads'], 'REQUIRED', 'uploads must name at least one upload.');
  const uploads: ImportSpec['uploads'] = [];
  for (const [index, id] of input.uploads.entries()) {
    if (input.uploads.indexOf(id) < index) continue;
    const upload = await loadUpload(g, projectId, id);
    const path = ['uploads', String(index)];
    if (!upload) {
      check.add(path, 'UNKNOWN_UPLOAD', `There is no upload "${id}"; createUpload makes one.`);
    } else if (!upload.arrived) {
      check.add(
        path,
        'UPLOAD_INCOMPLETE',
        `The file of upload "${id}" has not arrived whole; PUT it to its url first.`,
      );
    } else {
      const { name, bytes, sha256 } = upload.record;
      uploads.push({ id, name, key: upload.key, bytes, sha256 });
    }
  }
  if (check.issues.length > 0) return { kind: 'invalid', issues: check.issues };
  const spec: ImportSpec = {
    v: 1,
    task: 'IMPORT',
    dataset: { id: `${projectId}-${slug(input.name)}-${randomText(g, 6)}`, name: input.name },
    size,
    uploads,
    resources: taskResources(g.settings),
    limits: { maxRuntime: null },
  };
  return { kind: 'resolved', spec };
}

/** A name as it may stand in an id. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-+|-+$/g, '').slice(0, 40) || 'dataset';
}

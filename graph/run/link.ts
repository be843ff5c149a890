/** Links to the sheets and files of runs, for who may see them; signs nothing itself. */
import { sees } from '../access/permit.ts';
import type { Ganway, Viewer } from '../ganway.ts';
import { keys, projectOfRun } from '../storage/keys.ts';
import type { SignedUrl } from '../storage/ports.ts';

/**
 * A link to read one object. Its key comes from a journal, which a container has written: what is no sheet and no file of a
 * run that the viewer may see is not linked to, whatever the journal says.
 *
 * @throws Error where it is none
 */
export async function linkTo(
  g: Pick<Ganway, 'signer'>,
  viewer: Viewer,
  key: string,
  origin: string,
): Promise<SignedUrl> {
  const runId = keys.runOfResult(key);
  if (runId !== null && sees(viewer, projectOfRun(runId))) return g.signer.read(key, origin);
  throw new Error(`A journal names ${JSON.stringify(key)} as a result, which is none that its reader may see.`);
}

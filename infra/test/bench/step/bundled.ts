/** Programs of this benchmark as trainers are: bundled, with no loader of TypeScript in the process. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../../local/bundle.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const FOLDER = 'infra/test/bench/step';

/** The file that Node.js runs for `name.ts` of this folder. */
export async function bundled(name: string): Promise<string> {
  return join(await bundle(ROOT, [`${FOLDER}/${name}.ts`]), FOLDER, `${name}.js`);
}

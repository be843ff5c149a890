/** `npm run bench [NAME] [ARGUMENTS]`: sets the machine up, then runs one benchmark of infra/test/bench, or all of them; measures nothing itself. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './cache.mjs';
import { prepare } from './prepare.mjs';
import { fail, SetupError } from './setup-error.mjs';

const folder = join(checkout, 'infra/test/bench');

try {
  const [name, ...argv] = process.argv.slice(2);
  const known = existsSync(folder)
    ? readdirSync(folder).flatMap((file) => /^([a-z-]+)\.bench\.ts$/.exec(file)?.[1] ?? [])
    : [];
  const chosen = name === undefined ? known : known.filter((bench) => bench === name);
  if (chosen.length === 0)
    throw new SetupError(`There is no benchmark ${name ?? ''}. Known: ${known.join(', ') || 'none yet'}.`);
  const prepared = await prepare({ native: 'required' });
  const { register } = await import('tsx/esm/api');
  register();
  for (const bench of chosen) {
    const { main } = await import(pathToFileURL(join(folder, `${bench}.bench.ts`)).href);
    await main(argv, prepared);
  }
} catch (error) {
  fail(error);
}

/** `npm run bench:step [ARGUMENTS]`: sets the machine and the peers up, then runs infra/test/bench/step; measures nothing itself. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './cache.mjs';
import { preparePeers } from './peers.mjs';
import { prepare } from './prepare.mjs';
import { createProgress } from './progress.mjs';
import { fail } from './setup-error.mjs';

try {
  const { cacheDir, nativeDir } = await prepare({ native: 'required', storage: false });
  const progress = createProgress();
  const peers = await preparePeers({ cache: cacheDir, progress });
  progress.close();
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import(pathToFileURL(join(checkout, 'infra/test/bench/step/main.ts')).href);
  await main(process.argv.slice(2), { cacheDir, nativeDir, ...peers });
} catch (error) {
  fail(error);
}

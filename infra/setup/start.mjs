/** `npm start`: sets the machine up, then hands over to the local stack in the same process; knows neither. */
import { checkNode } from './node-version.mjs';
import { prepare, storeArgument } from './prepare.mjs';
import { fail } from './setup-error.mjs';

try {
  checkNode();
  const argv = process.argv.slice(2);
  // Help is read before anything is downloaded for it, as far as that is possible: the texts need the packages.
  const onlyHelp = argv.includes('--help') || argv.includes('-h');
  const prepared = await prepare({
    store: storeArgument(argv),
    storage: !onlyHelp,
    native: onlyHelp ? 'none' : 'wanted',
  });
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('../local/main.ts');
  await main(argv, prepared);
} catch (error) {
  fail(error);
}

/** `npm run demo`: the demo run from launch to end without a person, in a home of its own; fails where anything is missing. */
import { prepare } from './prepare.mjs';
import { fail } from './setup-error.mjs';

try {
  await prepare({ native: 'required' });
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('../test/demo.ts');
  await main();
} catch (error) {
  fail(error);
}

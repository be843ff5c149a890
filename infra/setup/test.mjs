/** `npm test`: sets the machine up, then types, lint and every test, ending at the first that fails; further arguments go to vitest. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './cache.mjs';
import { prepare } from './prepare.mjs';
import { fail } from './setup-error.mjs';

const inPackage = (/** @type {string} */ path) => join(checkout, 'node_modules', path);

try {
  const { cacheDir, nativeDir, minioPath } = await prepare({ native: 'required' });
  const env = {
    ...process.env,
    GANWAY_CACHE: cacheDir,
    GANWAY_NATIVE: nativeDir ?? '',
    GANWAY_TEST_MINIO: minioPath ?? '',
  };
  const checks = [
    { name: 'types', args: [inPackage('typescript/bin/tsc'), '--noEmit'] },
    { name: 'lint', args: [inPackage('@biomejs/biome/bin/biome'), 'check', '.'] },
    {
      name: 'tests',
      args: [
        inPackage('vitest/vitest.mjs'),
        'run',
        '--config',
        'infra/setup/vitest.config.ts',
        ...process.argv.slice(2),
      ],
    },
  ];
  for (const { name, args } of checks) {
    console.error(`ganway: ${name}`);
    const code = await run(args, env);
    if (code !== 0) process.exit(code);
  }
} catch (error) {
  fail(error);
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<number>} */
function run(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: checkout, env, stdio: 'inherit' });
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, forward);
    child.once('error', reject);
    child.once('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}

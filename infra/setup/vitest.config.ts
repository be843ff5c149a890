/** How every test of the checkout runs (`npx vitest run -c infra/setup/vitest.config.ts PATH`); no test is named here. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  // Node loads graphql's CommonJS build, Vite would take the other one: a schema of one is none for the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['{graph,batch,functions,infra}/**/*.test.ts'],
    // Native TensorFlow cannot be loaded twice in one process, nor in threads side by side.
    pool: 'forks',
    globalSetup: ['infra/setup/test-services.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { liteLlmInstalled } from './litellm.ts';

const NEED_THE_PROXY = ['cache', 'graded', 'main-job', 'proxy'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** Where the proxy is missing, scripts/e2e-setup.mjs has said why; CI has no such excuse. */
const skipped = liteLlmInstalled() || process.env.CI ? [] : NEED_THE_PROXY;

/** One proxy, one machine: files run one after another, and starting the proxy takes its time. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/e2e/**/*.test.ts'],
    exclude: skipped,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});

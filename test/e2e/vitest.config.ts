import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** One proxy, one machine: files run one after another, and starting the proxy takes its time. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});

import { defineConfig } from 'vitest/config';

/** The long form: every villain alone, with a table of what it took. */
export default defineConfig({
  test: {
    include: ['test/bounds/**/*.long.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});

import { defineConfig } from 'vitest/config';

/** Rooms whose tests measure by real clocks, and take a core for the thread that does. */
const MEASURING = [
  'bounds',
  'calibration',
  'capture',
  'crash',
  'faults',
  'load',
  'run',
  'simulator',
].map((room) => `test/${room}/**/*.test.ts`);

/** What measures runs alone; all else two at a time, whatever the number of cores. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'derived',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...MEASURING],
          testTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'measured',
          include: MEASURING,
          testTimeout: 20_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

/*
 * The long forms of the tests of faults:
 *   npm run faults -- [--runs 10] [--seed S]  runs full of faults, each drawn from a seed of its own
 *   npm run faults:timeouts                   how late each time limit fires
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seed: { type: 'string' },
    timeouts: { type: 'boolean', default: false },
  },
});
const file = `test/faults/${values.timeouts ? 'timeouts' : 'mixed'}.test.ts`;
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', file, '--silent=false', '--disable-console-intercept'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      FAULT_TIMEOUTS: values.timeouts ? 'whole' : '',
      FAULT_RUNS: values.runs,
      ...(values.seed !== undefined && { FAULT_SEED: values.seed }),
    },
  },
);
process.exitCode = status ?? 1;

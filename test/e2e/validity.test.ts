import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GroundTruth, startGroundTruth } from '../../src/calibration/ground-truth.ts';
import { stampingError } from '../../src/calibration/stamping-error.ts';
import { openRun, readTapes } from '../../src/store/read.ts';
import { aFolder, runCli } from '../commands/run-cli.ts';

// Blocks the measuring thread, and no other, for 20 ms each second.
const HELD_UP = {
  NODE_OPTIONS: `--import=${new URL('../../scripts/hold-up.mjs', import.meta.url).href}`,
};
const RUN = ['-s', './one.yaml', '-j', '5', '-d', '6s', '--no-nonce'];
const SUITE = 'description: One prompt\ncases: [{id: one, prompt: Stream.}]\n';

let truth: GroundTruth;
beforeEach(async () => {
  truth = await startGroundTruth({ schedule: { ratePerSecond: 50, chunks: [100, 200] } });
});
afterEach(() => truth.close());

const folderFor = (more = ''): Promise<string> =>
  aFolder({
    'bench.config.yaml': `targets: {truth: {base_url: '${truth.url}', models: [m]}}\n${more}`,
    'one.yaml': SUITE,
  });

test('a client that was held up says so, and its figures are no result', async () => {
  const cwd = await folderFor();
  const { code, stdout } = await runCli(RUN, { cwd, env: HELD_UP });
  expect(code).toBe(3);
  expect(stdout).toMatch(/^INVALID: the client was more than 2 ms late for [\d.]+ % of the time/m);

  const run = await openRun('latest', `${cwd}/results`);
  expect(run.manifest.validity).toMatchObject({ verdict: 'invalid' });
  const tapes = [];
  for await (const tape of readTapes(run)) tapes.push(tape);
  expect(stampingError(tapes).p99Ms).toBeGreaterThan(5);
});

test('one that may be late as it likes is believed', async () => {
  const cwd = await folderFor('validity: { late_share: 1, cpu_share: 1 }\n');
  const { code, stdout } = await runCli(RUN, { cwd, env: HELD_UP });
  expect(code).toBe(0);
  expect(stdout).not.toContain('INVALID');
});

test('of the simulator it is a warning', async () => {
  const cwd = await folderFor();
  const slow = ['-t', 'simulator', '-m', 'DeepSeek-R1', '--profile', 'slow'];
  const { code, stdout } = await runCli([...RUN, ...slow], { cwd, env: HELD_UP });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^WARNING: the client was more than 2 ms late/m);
});

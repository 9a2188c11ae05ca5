import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { aFolder, configFor, readOnlyRun, runCli, startCli } from '../commands/run-cli.ts';

let server: Simulator;
beforeAll(async () => {
  // DeepSeek-R1 answers; the other model never ends, so that only a signal does.
  const fault = { fault: 'stall' as const, model: 'Llama-Guard-3-8B' };
  server = await startSimulator({ profile: 'fast', faults: [fault] });
});
afterAll(() => server.close());

async function startRun() {
  const cwd = await aFolder({ 'bench.config.yaml': configFor(server.url) });
  const before = server.stats().models['DeepSeek-R1']?.completions ?? 0;
  const cli = startCli(['run', '-n', '40', '-j', '2'], { cwd, env: { MARKET_KEY: 'any' } });
  await until(() => (server.stats().models['DeepSeek-R1']?.completions ?? 0) - before >= 5);
  return { cwd, ...cli };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function saidOf(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    child.stderr?.on('data', (part: string) => part.includes(text) && resolve());
  });
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s once: what was measured is reported, exit %i', async (signal, expected) => {
  const { cwd, child, ended } = await startRun();
  child.kill(signal);
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(expected);
  expect(stderr).toMatch(/^Stopping: /);
  expect(stdout).toMatch(/^r1 +\d+\/40 /m);
  expect(stdout).toMatch(/guard: \d+× cancelled: (e\.g\. )?after /);
  expect(stdout).toMatch(/: the run was interrupted.* \(\d+ of \d+ requests\)/);
  expect(stdout).toContain(`PARTIAL: the run ended before its plan did: ${signal}`);

  const { manifest, records, texts } = await readOnlyRun(path.join(cwd, 'results'));
  expect(manifest).toMatchObject({ state: 'partial', interrupted: signal });
  expect(records.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThanOrEqual(5);
  expect(Object.keys(texts)).toHaveLength(8);
  expect((await runCli(['list'], { cwd })).stdout).toContain(`partial (${signal})`);
  const exported = await runCli(['export', 'latest', '--to', 'table'], { cwd });
  expect(exported).toMatchObject({ code: 0, stdout });
});

test('SIGINT twice: gone at once, the journal reads back', async () => {
  const { cwd, child, ended } = await startRun();
  const stopping = saidOf(child, 'Stopping');
  // The second as soon as the first was heard; the process may even be faster than that.
  child.kill('SIGINT');
  await Promise.race([stopping, ended]);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  const { records, texts } = await readOnlyRun(path.join(cwd, 'results'));
  expect(records.length).toBeGreaterThanOrEqual(5);
  expect(texts['requests.ndjson']).toMatch(/\}\n$/);
  const exported = await runCli(['export', 'latest', '--to', 'table'], { cwd });
  expect(exported.code).toBe(0);
  expect(exported.stdout).toContain('PARTIAL');
});

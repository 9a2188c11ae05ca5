import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { aFolder, configFor, readOnlyRun, runCli } from '../commands/run-cli.ts';
import { startFaultEndpoints } from './endpoints.ts';
import { promptOf } from './fault.ts';
import { faultNamed, HEALTHY } from './rows.ts';

const LEAP = pathToFileURL(path.join(import.meta.dirname, 'leaping-clock.mjs')).href;
const CASES = 40;

test('a wall clock that leaps has no effect on any figure', async () => {
  const endpoints = await startFaultEndpoints();
  try {
    const slow = faultNamed('comments-before-token');
    const cases = Array.from({ length: CASES }, (_, n) => ({
      id: `c${n}`,
      prompt: promptOf(n % 4 === 0 ? slow : HEALTHY, `c${n}`),
    }));
    const cwd = await aFolder({
      'bench.config.yaml': configFor(endpoints.baseUrl(HEALTHY, 'http')),
      'suites/some.yaml': JSON.stringify({ description: 'Some', cases }),
    });
    const startedMs = performance.now();
    const { code, stderr } = await runCli(['run', '-s', 'suites/some.yaml', '-o', 'results'], {
      cwd,
      env: { MARKET_KEY: 'sk-test', NODE_OPTIONS: `--import=${LEAP}` },
    });
    const lastedMs = performance.now() - startedMs;
    expect(code, stderr).toBe(0);
    const run = await readOnlyRun(path.join(cwd, 'results'));
    expect(run.records.map(({ outcome }) => outcome)).toEqual(Array(CASES * 2).fill('ok'));
    for (const record of run.records) {
      const { started_ms, ended_ms, ttft_ms, e2e_ms, headers_ms, schedule_delay_ms } = record;
      expect(started_ms).toBeGreaterThanOrEqual(0);
      expect(ended_ms).toBeGreaterThanOrEqual(started_ms);
      expect(ended_ms).toBeLessThan(lastedMs);
      expect(headers_ms).toBeGreaterThanOrEqual(0);
      expect(ttft_ms).toBeGreaterThanOrEqual(headers_ms ?? Infinity);
      expect(e2e_ms).toBeGreaterThanOrEqual(ttft_ms ?? Infinity);
      expect(schedule_delay_ms).toBeLessThan(lastedMs);
    }
    expect(run.manifest.duration_ms).toBeLessThan(lastedMs);
    expect(run.manifest.duration_ms).toBeGreaterThan(0);
    // The clock did leap in the process that was measured.
    const named = Date.parse(run.manifest.started_at ?? '');
    expect(Math.abs(Date.parse(run.manifest.finished_at ?? '') - named)).toBeGreaterThan(lastedMs);
  } finally {
    await endpoints.close();
  }
});

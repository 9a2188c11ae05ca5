import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultServer } from '../capture/fault-server.ts';
import { readOnlyRun, runCli } from '../commands/run-cli.ts';
import { type MeasuredRun, median, recordsOf, runBeside } from './beside.ts';
import { modelName, startSteady, startVillains } from './stage.ts';
import { VILLAINS } from './villains.ts';

/** Promised are 64 MiB, which the long form holds; a busy machine collects its garbage later. */
const GROWTH_MIB_MAX = 80;
const SLOWER_MS_MAX = 500;

let server: FaultServer;
let steady: Awaited<ReturnType<typeof startSteady>>;
let well: MeasuredRun;

beforeAll(async () => {
  server = await startVillains();
  steady = await startSteady();
  well = await run(['well'], ['-n', '2']);
}, 60_000);
afterAll(async () => {
  steady?.child.kill();
  await server?.close();
});

function run(models: readonly string[], args: readonly string[], defaults = '') {
  return runBeside({ port: server.port, steadyPort: steady.port, models, args, defaults });
}

function expectUndisturbed(measured: MeasuredRun): void {
  const ttft = (of: MeasuredRun): number =>
    median(recordsOf(of.run, 'steady').map(({ ttft_ms }) => ttft_ms ?? Infinity));
  const outcomes = recordsOf(measured.run, 'steady').map(({ outcome }) => outcome);
  expect(outcomes.length).toBeGreaterThan(0);
  expect(new Set(outcomes)).toEqual(new Set(['ok']));
  expect(ttft(measured)).toBeLessThan(ttft(well) + SLOWER_MS_MAX);
}

test
  .runIf(process.platform === 'linux')
  .each(['endless wide tokens, incompressible', 'endless reasoning', 'a gzip bomb in one read'])(
  '%s',
  { timeout: 60_000 },
  async (name) => {
    const measured = await run([modelName(name)], ['-n', '2']);
    const records = recordsOf(measured.run, 'market');
    expect(records.map(({ outcome }) => outcome)).toEqual(['limit_exceeded', 'limit_exceeded']);
    expect(measured.peakMib - well.peakMib).toBeLessThan(GROWTH_MIB_MAX);
    expectUndisturbed(measured);
    // What was cut away decides nothing.
    const { code } = await runCli(['recompute', 'latest'], { cwd: measured.folder });
    expect(code).toBe(0);
    const again = await readOnlyRun(path.join(measured.folder, 'results'));
    expect(again.records).toEqual(measured.run.records);
    const tapes = measured.run.texts['tapes.ndjson.gz']?.trim().split('\n') ?? [];
    for (const line of tapes) {
      const { arrivals, body, body_encoding } = JSON.parse(line);
      const bytes = Buffer.byteLength(body, body_encoding);
      expect(bytes).toBeLessThanOrEqual(512 * 1024);
      expect(arrivals.reduce((sum: number, [, each]: [number, number]) => sum + each, 0)).toBe(
        bytes,
      );
    }
  },
);

test('every villain that needs no time limit, one after the other', {
  timeout: 120_000,
}, async () => {
  const villains = VILLAINS.filter(({ timeouts, large }) => timeouts === undefined && !large);
  const args = ['-n', '1', '--order', 'sequential'];
  const measured = await run(
    villains.map(({ name }) => modelName(name)),
    args,
  );
  const found = recordsOf(measured.run, 'market');
  for (const { name, ends } of villains) {
    const outcome = found.find(({ model }) => model === modelName(name))?.outcome;
    expect({ name, isExpected: outcome !== undefined && ends.includes(outcome), outcome }).toEqual({
      name,
      isExpected: true,
      outcome,
    });
  }
  expectUndisturbed(measured);
});

test('many at once share what they may hold', { timeout: 120_000 }, async () => {
  const models = Array.from({ length: 12 }, (_, i) => `${modelName('endless comments')}.${i}`);
  const defaults = 'defaults: { limits: { in_flight_bytes: 67108864 } }';
  const measured = await run(models, ['-n', '2', '-j', '2'], defaults);
  const records = recordsOf(measured.run, 'market');
  expect(records).toHaveLength(24);
  expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['limit_exceeded']));
  expect(records.map(({ error_message }) => error_message).join()).toMatch(/all replies in flight/);
  // The pool, the first MiB of each, and as much garbage as the collector leaves.
  expect(measured.peakMib - well.peakMib).toBeLessThan(64 + 24 + 100);
  expectUndisturbed(measured);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultServer } from '../capture/fault-server.ts';
import { type MeasuredRun, median, recordsOf, runBeside } from './beside.ts';
import { modelName, startHttp2Villain, startSteady, startVillains } from './stage.ts';
import { HTTP2_VILLAINS, VILLAINS, type Villain } from './villains.ts';

const GROWTH_MIB_MAX = 64;
/** What a session of HTTP/2 reads into is memory of its own. */
const HTTP2_GROWTH_MIB_MAX = 80;

let server: FaultServer;
let steady: Awaited<ReturnType<typeof startSteady>>;
let well: MeasuredRun;
const rows: string[] = [];

beforeAll(async () => {
  server = await startVillains();
  steady = await startSteady();
  well = await runBeside({ port: server.port, steadyPort: steady.port, models: ['well'] });
  note('a reply that behaves', well);
});
afterAll(async () => {
  steady.child.kill();
  await server.close();
  const head =
    '| villain | ends in | growth, MiB | TTFT of the others, p50 ms |\n| --- | --- | ---: | ---: |';
  process.stdout.write(`\n${head}\n${rows.join('\n')}\n`);
});

function note(name: string, { run, peakMib }: MeasuredRun): void {
  const ends = [...new Set(recordsOf(run, 'market').map(({ outcome }) => outcome))].join(', ');
  const ttftMs = median(recordsOf(run, 'steady').map(({ ttft_ms }) => ttft_ms ?? Infinity));
  const growthMib = Math.max(0, peakMib - well.peakMib);
  rows.push(`| ${name} | \`${ends}\` | ${growthMib.toFixed(0)} | ${ttftMs.toFixed(0)} |`);
}

async function expectBounded(villain: Villain, port: number, protocol?: 'h2'): Promise<void> {
  const models = [modelName(villain.name)];
  const args = villain.timeouts;
  const measured = await runBeside({ port, steadyPort: steady.port, models, args, protocol });
  note(villain.name, measured);
  for (const { outcome } of recordsOf(measured.run, 'market')) {
    expect(villain.ends).toContain(outcome);
  }
  expect(recordsOf(measured.run, 'steady').every(({ outcome }) => outcome === 'ok')).toBe(true);
  const most = protocol === 'h2' ? HTTP2_GROWTH_MIB_MAX : GROWTH_MIB_MAX;
  expect(measured.peakMib - well.peakMib).toBeLessThan(most);
}

test.each(VILLAINS)('$name', async (villain) => expectBounded(villain, server.port));

test.each(HTTP2_VILLAINS)('$name', async (villain) => {
  const http2 = await startHttp2Villain(villain);
  await expectBounded(villain, http2.port, 'h2').finally(() => http2.close());
});

test('48 at once', async () => {
  const models = Array.from({ length: 12 }, (_, i) => `${modelName('endless comments')}.${i}`);
  const args = ['-n', '4', '-j', '4'];
  const measured = await runBeside({ port: server.port, steadyPort: steady.port, models, args });
  note('endless comments of 12 models, 4 at once', measured);
  expect(measured.peakMib - well.peakMib).toBeLessThan(512 + 48 + 128);
});

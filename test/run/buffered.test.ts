import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { renderTable } from '../../src/report/table.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts';
import { scratchFolder } from '../store/scratch.ts';
import { caseOf, modelOf, runOnce, settingsOf, suiteOf, targetOf } from './running.ts';

/** Streams that a proxy holds back, over real sockets; the rates are measured by perf/buffering.mjs. */

const scratch = scratchFolder();
const random = createRandom('buffered');
const QWEN = 'Qwen2.5-7B-chat';
const TEN = suiteOf(Array.from({ length: 10 }, (_, index) => caseOf(`case-${index}`)));

let simulator: Simulator;
afterEach(() => simulator.close());

async function runWith(faults: SimulatorOptions['faults']) {
  simulator = await startSimulator({
    changes: { latency: { overheadMs: 5, decodeMs: 4, slowdownPerStream: 0 } },
    ...(faults && { faults }),
  });
  const target = targetOf(simulator.url, [modelOf(QWEN)]);
  const settings = settingsOf(path.join(scratch, String(random.integer(0, 2 ** 31))));
  const { rows, manifest } = await runOnce([TEN], [target], settings);
  const text = renderTable({ rows, manifest }, { columns: 160, colour: false });
  return { row: rows[0], text: text.replaceAll(/\s+/g, ' ') };
}

describe('a proxy that sends replies whole', () => {
  test('every one of them: TPOT is n/a, the waits are not, and the table says why', async () => {
    const { row, text } = await runWith([{ fault: 'buffered' }]);
    expect(row?.flags).toEqual({ coalesced: 10 });
    expect(row?.estimates.tpot_ms_p50).toMatchObject({ value: null, n: 0 });
    expect(row?.estimates.ttft_ms_p50.n).toBe(10);
    expect(text).toContain(
      `${QWEN}: all 10 replies arrived whole: a proxy buffers them, so TPOT, ITL and tok/s are n/a`,
    );
  });

  test('some of them: left out, with their share', async () => {
    const nth = [2, 5, 9].map((n) => ({ fault: 'buffered' as const, nth: n }));
    const { row, text } = await runWith(nth);
    // A machine that stands still for long enough may bunch more.
    const coalesced = row?.flags.coalesced ?? 0;
    expect(coalesced).toBeGreaterThanOrEqual(3);
    expect(row?.estimates.tpot_ms_p50.n).toBe(10 - coalesced);
    expect(text).toContain(
      `${QWEN}: ${coalesced} of 10 replies arrived whole: a proxy buffers them; left out of TPOT, ITL and tok/s`,
    );
  });
});

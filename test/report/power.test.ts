import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Baseline } from '../../src/baseline/types.ts';
import { type GatedMetric, parseGatedMetric } from '../../src/gate/metric.ts';
import { PairSources } from '../../src/gate/power/pair-source.ts';
import { type Pilot, powerOf } from '../../src/gate/power/power.ts';
import type { PowerResult } from '../../src/gate/power/types.ts';
import { DEFAULT_GATE } from '../../src/gate/settings.ts';
import { parseThreshold, type Threshold } from '../../src/gate/thresholds.ts';
import { Summariser } from '../../src/metrics/summary.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { renderPower } from '../../src/report/power/text.ts';
import { displayWidth } from '../../src/report/text.ts';
import { aHistory, aRunsRecords, nights } from '../gate/history/histories.ts';
import { pairedRecords } from '../gate/power/pilots.ts';
import { aPlannedRow, recordsOf } from '../metrics/fixtures.ts';

const TYPICAL = { ttftMs: 200, tpotMs: 10, tokens: 50 };

function pilotOf(records: RequestRecord[]): Pilot {
  const summariser = new Summariser({});
  const sources = new PairSources();
  for (const record of records) {
    summariser.add(record);
    sources.add(record);
  }
  const planned = [...new Set(records.map(({ model }) => model))].map((model) =>
    aPlannedRow({ model, label: model.replace('vendor/', '') }),
  );
  return {
    sources: sources.all(),
    evidence: summariser.evidence(planned),
    concurrency: 8,
    sideBySide: true,
  };
}

function resultOf(
  records: RequestRecord[],
  {
    metrics = DEFAULT_GATE.metrics,
    thresholds = [] as string[],
    history = [] as Baseline[],
    changes = [0.1],
    about = {},
  } = {},
): PowerResult {
  const settings = { ...DEFAULT_GATE, metrics };
  const question = { settings, changes, certainty: 0.95, seed: 'golden' };
  return {
    schema_version: 1,
    run_id: '20260102T030405Z-reasoning',
    simulated: false,
    certainty: 0.95,
    alpha: settings.alpha,
    looks: settings.looks,
    tail_looks: settings.tailLooks,
    seed: 'golden',
    ...powerOf(
      pilotOf(records),
      thresholds.map((text) => parseThreshold(text) as Threshold),
      history,
      question,
    ),
    remarks: [],
    ...about,
  };
}

const plain = (columns: number) => ({ columns, colour: false });

describe('golden', () => {
  test('a pilot of 30 pairs, with prices, at 80 columns', async () => {
    const records = ['DeepSeek-R1', 'Qwen2.5-7B-chat'].flatMap((model, index) =>
      pairedRecords(30, 0.12 + 0.1 * index, { model, cost_usd: 0.0004 }, model).map((record) => ({
        ...record,
        pair_id: `${model}${record.pair_id}`,
      })),
    );
    await expect(renderPower(resultOf(records), plain(80))).toMatchFileSnapshot(
      'golden/power-pilot.txt',
    );
  });

  test('a plain run, several changes and a tail, simulated', async () => {
    const metrics = ['ttft_ms', 'ttft_ms:p(95)'].map((one) => parseGatedMetric(one) as GatedMetric);
    const result = resultOf(recordsOf('DeepSeek-R1', 240, TYPICAL), {
      metrics,
      changes: [0.04, 0.1, 0.25],
      about: { simulated: true },
    });
    await expect(renderPower(result, plain(100))).toMatchFileSnapshot('golden/power-plain.txt');
  });

  test('limits alone', async () => {
    const thresholds = ['ttft_ms:p(95)<300', 'ttft_ms:p(99)<2s', 'error_rate<1%', 'cost_usd<1'];
    const result = resultOf(recordsOf('DeepSeek-R1', 240, TYPICAL), { metrics: [], thresholds });
    await expect(renderPower(result, plain(80))).toMatchFileSnapshot('golden/power-limits.txt');
  });
});

test('a history', async () => {
  const history = aHistory(nights(12));
  const result = resultOf(aRunsRecords({ seed: 'now' }), { history, changes: [0.05, 0.1] });
  await expect(renderPower(result, plain(80))).toMatchFileSnapshot('golden/power-history.txt');
});

test.each([80, 100, 160])('no line is wider than %i', (columns) => {
  const records = pairedRecords(20, 0.5, { model: `vendor/${'very-'.repeat(30)}long` });
  const thresholds = ['decode_tokens_per_second{model:a-model-of-a-very-long-name}:p(50)>12.5'];
  for (const line of renderPower(resultOf(records, { thresholds }), plain(columns)).split('\n')) {
    expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  }
});

test('of figures together nothing is said where one of them is not known', () => {
  const score = parseGatedMetric('score') as GatedMetric;
  const ofMetrics = (metrics: GatedMetric[]) =>
    renderPower(resultOf(pairedRecords(30, 0.1), { metrics }), plain(100));
  const [ttft] = DEFAULT_GATE.metrics as [GatedMetric];
  expect(ofMetrics([ttft])).toContain('passes 100 %, fails 0 %');
  const text = ofMetrics([ttft, score]);
  expect(text).not.toContain('is left open');
  expect(text).toContain('It sends');
});

test('names from outside move no cursor', () => {
  const text = renderPower(resultOf(pairedRecords(20, 0.1, { model: 'm\u001b[2J' })), plain(80));
  expect(text).toBe(stripVTControlCharacters(text));
});

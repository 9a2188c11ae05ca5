import { describe, expect, test } from 'vitest';
import { judgeLimits } from '../../../src/gate/limits/judge-limits.ts';
import { parseGatedMetric } from '../../../src/gate/metric.ts';
import { type PowerAnswer, powerOf } from '../../../src/gate/power/power.ts';
import { DEFAULT_GATE, type GateSettings } from '../../../src/gate/settings.ts';
import { parseThreshold, type Threshold } from '../../../src/gate/thresholds.ts';
import { orderedSample } from '../../../src/metrics/estimates.ts';
import { Summariser } from '../../../src/metrics/summary.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';
import { aFailure, aTimeout, recordsOf } from '../../metrics/fixtures.ts';
import { pairedRecords, sourcesOf } from './pilots.ts';

function answer(
  records: readonly RequestRecord[],
  {
    metrics = ['ttft_ms'],
    thresholds = [] as string[],
    changes = [0.1],
    certainty = 0.95,
    seed = 'test',
    sideBySide = true,
    gate = {} as Partial<GateSettings>,
  } = {},
): PowerAnswer {
  const summariser = new Summariser({});
  for (const record of records) summariser.add(record);
  const settings = {
    ...DEFAULT_GATE,
    ...gate,
    metrics: metrics.flatMap((text) => {
      const read = parseGatedMetric(text);
      return 'problem' in read ? [] : [read];
    }),
  };
  return powerOf(
    { sources: sourcesOf(records), evidence: summariser.evidence([]), concurrency: 4, sideBySide },
    thresholds.map((text) => parseThreshold(text) as Threshold),
    [],
    { settings, changes, certainty, seed },
  );
}

function onlyMetric({ rows }: PowerAnswer) {
  const [metric] = rows[0]?.metrics ?? [];
  if (metric === undefined) throw new Error('no metric');
  return metric;
}

describe('medians', () => {
  // docs/gate.md: +10 % caught 97.7 % or more for s ≤ 0.25 and K = 1, in 300 pairs on average at most.
  test.each([
    [0.1, 100, 110],
    [0.25, 150, 300],
  ])('log-normal, s = %f, +10 %, K = 1: what the gate reaches', (s, least, most) => {
    const [change] = onlyMetric(answer(pairedRecords(2000, s))).changes;
    expect(change?.at_looks.fail).toBeGreaterThan(0.97);
    expect(change?.at_looks.pass).toBeLessThan(0.015);
    expect(change?.at_looks.pairs_mean).toBeGreaterThanOrEqual(least);
    expect(change?.at_looks.pairs_mean).toBeLessThan(most);
  });

  test('unchanged it passes, and hardly ever fails', () => {
    const { unchanged } = onlyMetric(answer(pairedRecords(1000, 0.25)));
    expect(unchanged?.pass).toBeGreaterThan(0.95);
    expect(unchanged?.fail).toBeLessThan(0.01);
  });

  test('so many pairs as it asks for show the change at its own last look', () => {
    const records = pairedRecords(200, 0.4);
    const { pairs } = onlyMetric(answer(records)).changes[0] ?? {};
    const needed = 2 * Math.ceil((pairs?.value ?? 0) / 2);
    expect(needed).toBeGreaterThan(400);
    const looks = [needed / 4, needed / 2, needed].map(Math.round);
    const [again] = onlyMetric(answer(records, { gate: { looks } })).changes;
    // The looks before the last add a little, the simulation takes a little.
    expect(again?.at_looks.fail).toBeGreaterThan(0.935);
    expect(again?.at_looks.fail).toBeLessThan(0.985);
  });

  test('of a metric of which more is better, worse is less', () => {
    const records = pairedRecords(400, 0.2);
    const [tpot, speed] = ['tpot_ms', 'decode_tokens_per_second'].map((metric) =>
      onlyMetric(answer(records, { metrics: [metric] })),
    );
    expect(speed?.noise?.sd).toBeCloseTo(tpot?.noise?.sd ?? 0, 10);
    expect(speed?.changes[0]?.pairs.value ?? 0).toBeCloseTo(tpot?.changes[0]?.pairs.value ?? 0, -1);
  });

  test('pairs without the metric are to be sent as well', () => {
    const records = pairedRecords(200, 0.2);
    const holed = records.map((record, index) =>
      index % 8 < 2 ? aFailure({ ...record, outcome: 'server_5xx', ttft_ms: null }) : record,
    );
    const value = (of: RequestRecord[]) => onlyMetric(answer(of)).changes[0]?.pairs.value ?? 0;
    expect(value(holed) / value(records)).toBeGreaterThan(1.15);
    expect(value(holed) / value(records)).toBeLessThan(1.6);
  });

  test('more tests make each look harder', () => {
    const value = (metrics: string[]) =>
      onlyMetric(answer(pairedRecords(300, 0.25), { metrics })).changes[0]?.pairs.value ?? 0;
    expect(value(['ttft_ms', 'tpot_ms', 'e2e_ms', 'error_rate'])).toBeGreaterThan(
      value(['ttft_ms']),
    );
  });
});

describe('what cannot be known is said', () => {
  test('too few pairs, too few for a tail, mostly timeouts', () => {
    const unknown = (records: RequestRecord[], metric: string) =>
      onlyMetric(answer(records, { metrics: [metric] })).unknown;
    expect(unknown(pairedRecords(5, 0.2), 'ttft_ms')).toMatch(/^5 pairs that have it are too few/);
    expect(unknown(pairedRecords(5, 0.2), 'error_rate')).toMatch(/^10 requests are too few/);
    expect(unknown(pairedRecords(60, 0.2), 'ttft_ms:p(95)')).toMatch(/; 100 are the least$/);
    const late = pairedRecords(40, 0.2).map((record) =>
      record.arm === 'candidate'
        ? { ...aTimeout(9000), pair_id: record.pair_id, arm: record.arm }
        : record,
    );
    expect(unknown(late as RequestRecord[], 'ttft_ms')).toMatch(/timeout/);
  });

  test('then the whole check is left open', () => {
    const { whole } = answer(pairedRecords(60, 0.1), { metrics: ['ttft_ms', 'ttft_ms:p(95)'] });
    expect(whole?.unchanged).toMatchObject({ pass: 0 });
    expect(whole?.expected.requests).toBe(2000);
  });
});

describe('the whole check', () => {
  const records = ['a', 'b'].flatMap((model) =>
    pairedRecords(100, 0.2, { model, cost_usd: 0.01 }, model).map((record) => ({
      ...record,
      pair_id: `${model}${record.pair_id}`,
    })),
  );

  test('counts its figures, requests, money and time', () => {
    const { tests, whole, rows } = answer(records, {
      metrics: ['ttft_ms', 'tpot_ms', 'error_rate'],
    });
    expect(tests).toBe(6);
    expect(whole?.most.requests).toBe(1600);
    expect(whole?.most.cost_usd).toBeCloseTo(16, 9);
    // 800 requests of half a second, four at a time; two models side by side.
    expect(whole?.most.duration_ms).toBe(100_000);
    expect(whole?.expected.requests).toBeGreaterThanOrEqual(400);
    expect(whole?.expected.requests).toBeLessThan(1600);
    const passes = rows.flatMap(({ metrics }) => metrics).map((one) => one.unchanged?.pass ?? 0);
    expect(whole?.unchanged.pass).toBeCloseTo(
      passes.reduce((all, one) => all * one, 1),
      5,
    );
  });

  test('one model after another takes as long as both', () => {
    expect(answer(records, { sideBySide: false }).whole?.most.duration_ms).toBe(200_000);
  });

  test('without a price there is no cost', () => {
    const { whole } = answer(pairedRecords(50, 0.2));
    expect(whole?.most.cost_usd).toBeNull();
  });
});

describe('limits', () => {
  const records = recordsOf('m', 400, { ttftMs: 100, tpotMs: 10, tokens: 50 });
  const limit = (text: string, options = {}) =>
    answer(records, { metrics: [], thresholds: [text], ...options }).limits[0];

  test('far off they take few requests, near many, and on the limit nobody knows', () => {
    const needed = [300, 180, 150].map((ms) => limit(`ttft_ms:p(95)<${ms}`)?.requests.value ?? 0);
    expect(needed).toEqual([...needed].sort((a, b) => a - b));
    const near = limit(`ttft_ms:p(50)<${limit('ttft_ms:p(50)<1')?.value}`);
    expect(near?.requests.value ?? Infinity).toBeGreaterThan(10_000);
    expect(near?.requests.high).toBeNull();
  });

  test('what is past the limit fails, what keeps it passes', () => {
    expect(limit('ttft_ms:p(50)<80')?.verdict).toBe('fail');
    expect(limit('ttft_ms:p(50)<130')?.verdict).toBe('pass');
    expect(limit('decode_tokens_per_second:p(50)>50')?.verdict).toBe('pass');
    expect(limit('error_rate<0.05')?.verdict).toBe('pass');
    expect(limit('requests_per_second>100')?.verdict).toBe('fail');
  });

  test('p99 takes what the binomial rule says', () => {
    // ln(0.01/3)/ln 0.99 = 567.5: as long as none is beyond, one look of three at 1 % needs 568.
    const { requests } = limit('ttft_ms:p(99)<100000') ?? {};
    expect(requests?.low).toBe(568);
  });

  test.each([
    'ttft_ms:p(50)<100000',
    'ttft_ms:p(50)>100000',
    'requests_per_second>100000',
    'output_tokens_per_second<100000',
  ])('however far off %s is, no fewer are named than a check takes', (text) => {
    const { requests, verdict } = limit(text) ?? {};
    const gate = (count: number) => {
      const summariser = new Summariser({});
      for (const record of records.slice(0, count)) summariser.add(record);
      const limits = [parseThreshold(text) as Threshold];
      return judgeLimits(limits, summariser.evidence([]), { alpha: DEFAULT_GATE.alpha / 3 }, 1);
    };
    expect(requests?.low).toBe(requests?.value);
    expect(gate(requests?.value ?? 0)[0]?.verdict).toBe(verdict);
    expect(gate((requests?.value ?? 0) - 1)[0]?.verdict).toBe('inconclusive');
  });

  test('samples that depend on one another are held to a third of the level, rates to half', () => {
    // Spells of twenty slow ones.
    const waves = records.map((record, index) => ({
      ...record,
      ttft_ms: (record.ttft_ms ?? 0) * (index % 40 < 20 ? 1 : 3),
    }));
    const summariser = new Summariser({});
    for (const record of waves) summariser.add(record);
    const [each] = summariser.evidence([]);
    const timeline = each?.samples.timeline();
    if (each === undefined || timeline === undefined) throw new Error('no row');
    const worth = orderedSample(each.samples.columns.ttft_ms, timeline).effectiveN(0.9) / 400;
    expect(worth).toBeLessThan(0.5);
    // ln(0.01/9)/ln 0.9 = 64.6: with none beyond, 65 independent samples.
    const [of90] = answer(waves, { metrics: [], thresholds: ['ttft_ms:p(90)<100000'] }).limits;
    expect(of90?.requests.low).toBe(Math.ceil(65 / worth));

    const { value, low, high } = each.row.estimates.requests_per_second;
    const rate = { value: value ?? 0, low: low ?? 0, high: high ?? 0 };
    const near = rate.value - (rate.value - rate.low) / 3;
    const reach = normalQuantile(1 - 0.01 / 6) + normalQuantile(0.95);
    const times = (reach * (rate.value - rate.low)) / (1.96 * (rate.value - near));
    const [ofRate] = answer(waves, {
      metrics: [],
      thresholds: [`requests_per_second>${near}`],
    }).limits;
    expect((ofRate?.requests.value ?? 0) / (400 * times ** 2)).toBeCloseTo(1, 2);
  });

  test('where α is shared among too many, no number of requests bounds a rate', () => {
    const rate = (figures: number) => {
      const others = Array.from({ length: figures - 1 }, (_, i) => `ttft_ms:p(50)<${300 + i}`);
      return answer(records, { metrics: [], thresholds: ['requests_per_second>1', ...others] })
        .limits[0];
    };
    expect(rate(27)).toMatchObject({ verdict: 'pass', unknown: null });
    expect(rate(28)).toMatchObject({
      verdict: null,
      unknown: expect.stringMatching(/α is shared/),
    });
  });

  test('a sum of money is decided by any number of requests', () => {
    expect(limit('cost_usd<1')).toMatchObject({
      verdict: null,
      unknown: expect.stringMatching(/sum/),
    });
  });

  test('too few samples are said to be', () => {
    const [few] = answer(records.slice(0, 10), {
      metrics: [],
      thresholds: ['ttft_ms:p(50)<1'],
    }).limits;
    expect(few?.unknown).toBe('10 samples are too few to tell by; 20 are the least');
  });
});

test('the same seed gives the same answer, another one nearly the same', () => {
  const records = pairedRecords(60, 0.3);
  const [one, same, other] = ['a', 'a', 'b'].map((seed) => answer(records, { seed }));
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  const value = (of: PowerAnswer | undefined) => of && onlyMetric(of).changes[0]?.pairs.value;
  expect((value(one) ?? 0) / (value(other) ?? 1)).toBeCloseTo(1, 1);
});

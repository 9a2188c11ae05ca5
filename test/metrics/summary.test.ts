import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OUTCOMES } from '../../src/decode/types.ts';
import { Summariser, summarise } from '../../src/metrics/summary.ts';
import { ESTIMATES, type RequestRecord } from '../../src/metrics/types.ts';
import { createRandom } from '../../src/random.ts';
import {
  aFailure,
  aGrade,
  aPlannedRow,
  aRecord,
  aTimeout,
  gradeKeyOf,
  recordsOf,
  rowOf,
} from './fixtures.ts';

const times = (count: number, make: (index: number) => RequestRecord) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('rows', () => {
  test('stand in plan order, whatever the order of the records', () => {
    const planned = ['b', 'a', 'c'].map((model) => aPlannedRow({ model, planned: 1 }));
    const records = ['a', 'c', 'b'].map((model) => aRecord({ model }));
    expect(summarise(records, planned, {}).map(({ model }) => model)).toEqual(['b', 'a', 'c']);
  });

  test('differ by target, model and suite', () => {
    const planned = [
      aPlannedRow({ planned: 1 }),
      aPlannedRow({ planned: 1, suite: 'chat' }),
      aPlannedRow({ planned: 1, target: 'other' }),
    ];
    const records = [aRecord(), aRecord({ suite: 'chat' }), aRecord({ target: 'other' })];
    expect(summarise(records, planned, {}).map(({ requests }) => requests.ok)).toEqual([1, 1, 1]);
  });

  test('count measured requests only', () => {
    expect(rowOf([aRecord(), aFailure({ phase: 'warmup' })], { planned: 1 })).toMatchObject({
      requests: { planned: 1, ok: 1, failed: 0, skipped: 0 },
      failures: {},
    });
  });

  test('a record that no plan speaks for gets a row of its own, behind the others', () => {
    const rows = summarise([aRecord({ model: 'ghost' })], [aPlannedRow({ planned: 2 })], {});
    expect(rows.map(({ model }) => model)).toEqual(['DeepSeek-R1', 'ghost']);
    expect(rows[1]?.requests).toMatchObject({ planned: 1, ok: 1 });
  });

  test('a row without records is of a simulated target if its neighbours are', () => {
    const planned = [aPlannedRow({ planned: 1 }), aPlannedRow({ model: 'shut', planned: 1 })];
    const rows = summarise([aRecord({ simulated: true })], planned, {});
    expect(rows.map(({ simulated }) => simulated)).toEqual([true, true]);
  });
});

test('records can come one at a time, before the plan is settled', () => {
  const records = recordsOf('m', 20, { ttftMs: 100, tpotMs: 10, tokens: 50 });
  const summariser = new Summariser({ ttft_ms: 100 });
  for (const record of records) summariser.add(record);
  const planned = [aPlannedRow({ model: 'm', planned: 30 })];
  expect(summariser.rows(planned)).toEqual(summarise(records, planned, { ttft_ms: 100 }));
  // Asking does not change the answer.
  expect(summariser.rows(planned)).toEqual(summariser.rows(planned));
});

describe('accounting', () => {
  test('planned = ok + failed + dropped + cancelled + skipped + lost, always', () => {
    const outcomes = fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 60 });
    fc.assert(
      fc.property(outcomes, fc.nat(80), fc.boolean(), (classes, count, notSubscribed) => {
        const records = classes.map((outcome) => aFailure({ outcome }));
        const plan = aPlannedRow({ planned: count, not_subscribed: notSubscribed });
        const row = summarise(records, [plan], {})[0];
        const { planned, ...rest } = row?.requests ?? { planned: -1 };
        expect(Object.values(rest).reduce((sum, each) => sum + each, 0)).toBe(planned);
        expect(Math.min(...Object.values(rest))).toBeGreaterThanOrEqual(0);
        expect(planned).toBe(notSubscribed ? count : Math.max(count, classes.length));
      }),
    );
  });

  test('counts classes, and keeps the first message of each', () => {
    const row = rowOf([
      aFailure({ error_message: 'first' }),
      aFailure({ error_message: 'second' }),
      aFailure({ outcome: 'truncated', error_message: null }),
      aFailure({ outcome: 'cancelled', error_message: 'Ctrl-C' }),
      aRecord(),
    ]);
    expect(row.requests).toMatchObject({ ok: 1, failed: 3, cancelled: 1 });
    expect(row.failures).toEqual({ server_5xx: 2, truncated: 1, cancelled: 1 });
    expect(row.failure_examples).toEqual({ server_5xx: 'first', cancelled: 'Ctrl-C' });
    expect(row.estimates.error_rate).toMatchObject({ value: 0.75, n: 4 });
  });

  test('what left no record was skipped, with the reason of the plan', () => {
    const row = rowOf([aRecord()], { planned: 5, skipped_reason: 'budget spent' });
    expect(row).toMatchObject({ requests: { skipped: 4 }, skipped_reason: 'budget spent' });
    expect(rowOf([aRecord()], { skipped_reason: 'unused' }).skipped_reason).toBeNull();
  });

  test('a model that the key is not subscribed to is skipped, its refusal no failure', () => {
    const refused = aFailure({ outcome: 'forbidden' });
    const row = rowOf([refused], { planned: 96, not_subscribed: true, skipped_reason: 'HTTP 403' });
    expect(row.requests).toMatchObject({ planned: 96, failed: 0, skipped: 96 });
    expect(row).toMatchObject({ failures: {}, skipped_reason: 'HTTP 403', window_ms: null });
    for (const name of ESTIMATES) expect(row.estimates[name].value).toBeNull();
  });

  test('a run bounded by time alone may have sent more than was planned', () => {
    expect(
      rowOf(
        times(5, () => aRecord()),
        { planned: 0 },
      ).requests,
    ).toMatchObject({
      planned: 5,
      skipped: 0,
    });
  });
});

describe('quantiles', () => {
  test.each([
    [6, [null, null, null, null]],
    [7, [4, null, null, null]],
    [44, [22.5, 39.7, null, null]],
    [90, [45.5, 81.1, 85.55, null]],
    [459, [230, 413.2, 436.1, 454.42]],
  ])('of %i samples are given by the n-rule', (n, expected) => {
    const { estimates } = rowOf(times(n, (index) => aRecord({ ttft_ms: index + 1 })));
    const given = (['p50', 'p90', 'p95', 'p99'] as const).map((p) => estimates[`ttft_ms_${p}`]);
    given.forEach((estimate, i) => {
      if (expected[i] === null) expect(estimate.value).toBeNull();
      else expect(estimate.value).toBeCloseTo(expected[i] as number, 9);
      expect(estimate.n).toBe(n);
    });
  });

  test('leave failed requests out, and count timeouts as lower bounds', () => {
    const records = [
      ...times(8, () => aRecord({ ttft_ms: 100 })),
      ...times(3, () => aFailure({ ttft_ms: 5 })),
      ...times(2, () => aTimeout(60_000)),
    ];
    const { ttft_ms_p50, e2e_ms_p50, tpot_ms_p50 } = rowOf(records).estimates;
    expect(ttft_ms_p50).toEqual({ value: 100, low: null, high: null, n: 10 });
    expect(e2e_ms_p50).toMatchObject({ n: 10 });
    expect(tpot_ms_p50).toMatchObject({ n: 8 });
  });

  test('that a bound reaches say so', () => {
    const records = [...times(4, () => aRecord()), ...times(5, () => aTimeout(60_000))];
    const { ttft_ms_p50 } = rowOf(records).estimates;
    expect(ttft_ms_p50).toMatchObject({ value: 60_000, at_least: true, n: 9 });
  });

  test('of E2E count a stall, whose TTFT is left out with the other failures', () => {
    const stalled = aTimeout(60_000, { outcome: 'stalled', ttft_ms: 1, censored: ['e2e_ms'] });
    const { estimates } = rowOf([...times(7, () => aRecord()), stalled]);
    expect(estimates.e2e_ms_p50.n).toBe(8);
    expect(estimates.ttft_ms_p50.n).toBe(7);
  });

  test('of decode speed leave coalesced replies out', () => {
    const coalesced = aRecord({ flags: ['coalesced'], tpot_ms: 0.01, itl_ms_p50: 0.01 });
    const row = rowOf([...times(7, () => aRecord({ itl_ms_p50: 10 })), coalesced]);
    expect(row.estimates.tpot_ms_p50).toMatchObject({ value: 10, n: 7 });
    expect(row.estimates.itl_ms_p50).toMatchObject({ value: 10, n: 7 });
    expect(row.estimates.decode_tokens_per_second_p50).toMatchObject({ value: 100, n: 7 });
    expect(row.estimates.ttft_ms_p50).toMatchObject({ n: 8 });
    expect(row.flags).toEqual({ coalesced: 1 });
  });
});

describe('over the measuring window', () => {
  const records = [
    aRecord({ started_ms: 1000, ended_ms: 3000, output_tokens: 30 }),
    aRecord({ started_ms: 2000, ended_ms: 4000, output_tokens: 50 }),
    aFailure({ started_ms: 500, ended_ms: 4500 }),
    aFailure({ outcome: 'dropped', started_ms: 0, ended_ms: 0 }),
    aRecord({ phase: 'warmup', started_ms: 0, ended_ms: 9000 }),
  ];
  const row = rowOf(records, { planned: 4 });

  test('throughput is of ok requests alone', () => {
    expect(row.window_ms).toBe(4000);
    expect(row.estimates.requests_per_second).toMatchObject({ value: 0.5, n: 2 });
    expect(row.estimates.output_tokens_per_second).toMatchObject({ value: 20, n: 2 });
  });

  test('concurrency is of everything sent', () => {
    expect(row).toMatchObject({ concurrency_mean: 2, concurrency_max: 3 });
  });

  test('throughput is a lower bound where tokens are unknown', () => {
    const unknown = aRecord({ output_tokens: null, token_source: 'unknown' });
    const { estimates, ...mixed } = rowOf([...records, unknown]);
    expect(estimates.output_tokens_per_second).toMatchObject({ at_least: true, n: 2 });
    expect(mixed).toMatchObject({ token_source: 'mixed', output_tokens: 80 });
  });

  test('a window of no length gives no rate', () => {
    const { estimates } = rowOf([aRecord({ started_ms: 5, ended_ms: 5 })]);
    expect(estimates.requests_per_second.value).toBeNull();
  });
});

describe('goodput', () => {
  const planned = [aPlannedRow({ planned: 4 })];
  const records = [
    aRecord({ ttft_ms: 100, ended_ms: 2000 }),
    aRecord({ ttft_ms: 900 }),
    aRecord({ ttft_ms: 100, tpot_ms: null }),
    aFailure({ ttft_ms: 100 }),
  ];

  test('counts ok requests that meet every objective', () => {
    const { estimates } =
      summarise(records, planned, { ttft_ms: 500, tpot_ms: 10 })[0] ?? rowOf([]);
    expect(estimates.goodput_per_second).toMatchObject({ value: 1, n: 3 });
    expect(estimates.goodput_share).toMatchObject({ value: 0.5, n: 4 });
  });

  test('is n/a without objectives', () => {
    const { estimates } = summarise(records, planned, {})[0] ?? rowOf([]);
    expect(estimates.goodput_per_second).toMatchObject({ value: null, n: 0 });
    expect(estimates.goodput_share).toMatchObject({ value: null, n: 0 });
  });
});

describe('intervals', () => {
  const typical = { ttftMs: 100, tpotMs: 10, tokens: 50 };

  test('stand around every figure of enough samples', () => {
    const slo = { ttft_ms: 120 };
    const records = recordsOf('m', 600, typical, { itl_ms_p50: 9, thinking_ms: 50 });
    const summariser = new Summariser(slo);
    for (const record of records) summariser.add(record);
    records.forEach((record, index) => {
      const grade = (['right', 'wrong', 'ungraded'] as const)[index % 3] ?? 'right';
      summariser.addGrade(aGrade({ ...gradeKeyOf(record), grade }));
    });
    const row = summariser.rows([aPlannedRow({ model: 'm', planned: 600 })])[0];
    for (const name of ESTIMATES) {
      const { value, low, high } = row?.estimates[name] ?? {};
      expect(low, name).toBeLessThanOrEqual(value as number);
      expect(high, name).toBeGreaterThanOrEqual(value as number);
    }
    expect(row?.estimates.ttft_ms_p50.low).toBeGreaterThan(95);
    expect(row?.estimates.ttft_ms_p50.high).toBeLessThan(105);
  });

  test('of fewer than 20 samples are n/a, but for shares', () => {
    const { estimates } = rowOf(recordsOf('m', 19, typical));
    for (const name of ['ttft_ms_p50', 'output_tokens_per_second'] as const) {
      expect(estimates[name]).toMatchObject({ value: expect.any(Number), low: null, high: null });
    }
    expect(estimates.error_rate.low).toBe(0);
    expect(estimates.error_rate.high).toBeCloseTo(0.168, 3);
  });

  test('are open above where a timeout may lie below their end', () => {
    const timeouts = [11, 32, 48, 77, 90].map((at) =>
      aTimeout(60_000, { model: 'm', case_id: `t${at}`, started_ms: 600 * at, ended_ms: 60_000 }),
    );
    const records = [...recordsOf('m', 95, typical), ...timeouts];
    const { ttft_ms_p50: p50, ttft_ms_p95: p95 } = rowOf(records).estimates;
    expect(p50).toMatchObject({ low: expect.any(Number), high: expect.any(Number) });
    expect(p95).toMatchObject({ low: expect.any(Number), high: null });
  });

  test('of throughput are open above where tokens are unknown', () => {
    const records = recordsOf('m', 60, typical);
    const unknown = { ...records[3], output_tokens: null } as RequestRecord;
    const { output_tokens_per_second } = rowOf([...records, unknown]).estimates;
    expect(output_tokens_per_second).toMatchObject({
      at_least: true,
      low: expect.any(Number),
      high: null,
    });
  });

  test('do not depend on the order in which records were written', () => {
    const records = recordsOf('m', 300, typical);
    const shuffled = createRandom('order').shuffle(records);
    expect(rowOf(shuffled).estimates).toEqual(rowOf(records).estimates);
  });

  test('are wider where what is slow comes in spells', () => {
    const random = createRandom('spells');
    const slow = Array.from({ length: 400 }, () => (random.next() < 0.5 ? 100 : 200));
    const at = (order: number[]) =>
      rowOf(
        order.map((ttftMs, index) =>
          aRecord({
            case_id: `c${index}`,
            started_ms: index,
            ended_ms: index + 1,
            ttft_ms: ttftMs + index / 1000,
          }),
        ),
      ).estimates.ttft_ms_p50;
    const mixed = at(slow);
    const inSpells = at([...slow.slice(0, 200).sort(), ...slow.slice(200).sort()]);
    expect((inSpells.high ?? Infinity) - (inSpells.low ?? 0)).toBeGreaterThan(
      (mixed.high as number) - (mixed.low as number),
    );
  });

  test('are wider where every repeat of a case fares alike', () => {
    const hits = times(200, (index) =>
      (index % 50) % 5 === 0
        ? aFailure({ case_id: `c${index % 50}` })
        : aRecord({ case_id: `c${index % 50}` }),
    );
    const apart = hits.map((record, index) => ({ ...record, case_id: `c${index}` }));
    const shuffle = (records: RequestRecord[]) =>
      createRandom('repeats')
        .shuffle(records)
        .map((record, index) => ({ ...record, started_ms: index, ended_ms: index + 1 }));
    const width = (records: RequestRecord[]) => {
      const { low, high } = rowOf(shuffle(records)).estimates.error_rate;
      return (high as number) - (low as number);
    };
    expect(width(hits)).toBeGreaterThan(1.7 * width(apart));
  });
});

test('tokens and cost are sums of what is known', () => {
  const row = rowOf([
    aRecord({ reasoning_tokens: 4, cost_usd: 0.5 }),
    aRecord({ reasoning_tokens: null, cost_usd: 0.25 }),
    aFailure({ cost_usd: 0.25 }),
  ]);
  expect(row).toMatchObject({
    prompt_tokens: 40,
    output_tokens: 20,
    reasoning_tokens: 4,
    cost_usd: 1,
    token_source: 'usage',
  });
  expect(rowOf([aFailure()])).toMatchObject({
    prompt_tokens: null,
    output_tokens: null,
    cost_usd: null,
    token_source: 'unknown',
  });
});

test('the samples are not bounded by the first that a column holds', () => {
  const records = recordsOf('m', 1000, { ttftMs: 100, tpotMs: 10, tokens: 50 });
  const { estimates } = rowOf(records);
  expect(estimates.ttft_ms_p99.n).toBe(1000);
  expect(estimates.ttft_ms_p50.value).toBeCloseTo(100, -1);
});

describe('tokens', () => {
  const counts = (output: number, tokenizer: number) =>
    aRecord({
      output_tokens: output,
      tokenizer_output_tokens: tokenizer,
      token_difference: tokenizer - output,
    });

  test('usage against the tokenizer: median ratio, and how many differ by more than a few', () => {
    const row = rowOf([counts(100, 80), counts(100, 99), counts(1000, 1019), counts(10, 15)]);
    expect(row.token_check).toEqual({
      compared: 4,
      ratio_p50: (0.99 + 1.019) / 2,
      // 20 of 100; not 1 of 100, nor 19 of 1,000, which is under 2 %, nor 5 of 10, which are few.
      differing: 1,
    });
  });

  test('nothing is compared where only one of them is known, or a request failed', () => {
    const alone = aRecord({ token_source: 'tokenizer', tokenizer_output_tokens: 9 });
    const failed = aFailure({ tokenizer_output_tokens: 9, token_difference: 5 });
    expect(rowOf([aRecord(), alone, failed]).token_check).toBeNull();
  });

  test('records of before are taken as they are', () => {
    const { token_difference: _, tokenizer_output_tokens: __, ...old } = aRecord();
    expect(rowOf([old as RequestRecord]).token_check).toBeNull();
  });

  test('by source', () => {
    const unknown = aRecord({ token_source: 'unknown', output_tokens: null });
    const row = rowOf([aRecord(), aRecord({ token_source: 'tokenizer' }), aRecord(), unknown]);
    expect(row).toMatchObject({
      token_source: 'mixed',
      token_sources: { usage: 2, tokenizer: 1, unknown: 1 },
    });
    expect(rowOf([]).token_source).toBe('unknown');
  });
});

describe('what says nothing of the model', () => {
  test('a cached reply is ok, and in no latency and no speed', () => {
    const cached = aRecord({ ttft_ms: 1, flags: ['cached_reply', 'coalesced'] });
    const row = rowOf([...times(7, () => aRecord()), cached]);
    expect(row.requests).toMatchObject({ ok: 8, failed: 0 });
    expect(row.flags).toEqual({ cached_reply: 1, coalesced: 1 });
    for (const name of ['ttft_ms_p50', 'e2e_ms_p50', 'tpot_ms_p50', 'chunk_gap_ms_p50'] as const) {
      expect(row.estimates[name].n).toBe(7);
    }
    expect(row.estimates.error_rate.n).toBe(8);
  });

  test('where all are coalesced, decode figures are n/a and waits are not', () => {
    const row = rowOf(times(8, () => aRecord({ flags: ['coalesced'] })));
    expect(row.estimates.tpot_ms_p50).toMatchObject({ value: null, n: 0 });
    expect(row.estimates.decode_tokens_per_second_p50).toMatchObject({ value: null, n: 0 });
    expect(row.estimates.ttft_ms_p50).toMatchObject({ value: 100, n: 8 });
    expect(row.estimates.e2e_ms_p50.n).toBe(8);
  });
});

test('rows come with the samples behind them', () => {
  const summariser = new Summariser({});
  for (const ttft_ms of [300, 100, 200]) summariser.add(aRecord({ ttft_ms }));
  const shut = aPlannedRow({ model: 'shut', planned: 3, not_subscribed: true });
  const evidence = summariser.evidence([aPlannedRow({ planned: 3 }), shut]);
  expect(evidence.map(({ row }) => row)).toEqual(
    summariser.rows([aPlannedRow({ planned: 3 }), shut]),
  );
  expect(evidence.map(({ samples }) => [...samples.columns.ttft_ms.entries()])).toEqual([
    [300, 100, 200],
    [],
  ]);
});

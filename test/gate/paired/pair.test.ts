import { describe, expect, test } from 'vitest';
import type { GatedMetric } from '../../../src/gate/metric.ts';
import {
  differencesOf,
  failuresOf,
  type Pair,
  type PairedRecord,
  samplesOf,
} from '../../../src/gate/paired/pair.ts';
import { failedWith, recordWith, timedOutAfter } from './fixtures.ts';

type QuantileMetric = Extract<GatedMetric, { kind: 'quantile' }>;
const TTFT: QuantileMetric = {
  kind: 'quantile',
  text: 'ttft_ms:p(50)',
  metric: 'ttft_ms',
  p: 0.5,
  better: 'lower',
};
const SPEED: QuantileMetric = {
  kind: 'quantile',
  text: 'decode_tokens_per_second:p(50)',
  metric: 'decode_tokens_per_second',
  p: 0.5,
  better: 'higher',
};
const NOTHING_LEFT = { failed: 0, timedOut: 0, distorted: 0, missing: 0 };

function pair(candidate: PairedRecord, baseline: PairedRecord): Pair {
  return { candidate, baseline };
}

describe('d is above 0 where the candidate is worse', () => {
  test('of a latency: where it is longer', () => {
    const samples = samplesOf([pair(recordWith({ ttft_ms: 330 }), recordWith())], TTFT);
    expect(differencesOf(samples)[0]).toBeCloseTo(Math.log(1.1), 12);
    expect(samples.leftOut).toEqual(NOTHING_LEFT);
  });

  test('of a speed: where it is lower', () => {
    const slow = recordWith({ decode_tokens_per_second: 50 / 1.1 });
    const [d] = differencesOf(samplesOf([pair(slow, recordWith())], SPEED));
    expect(d).toBeCloseTo(Math.log(1.1), 12);
  });

  test('of two of 0 there is none, and to one of 0 no bounds', () => {
    const zero = recordWith({ ttft_ms: 0 });
    const pairs = [pair(zero, zero), pair(zero, recordWith()), pair(recordWith(), zero)];
    expect([...differencesOf(samplesOf(pairs, TTFT))]).toEqual([0, -Infinity, Infinity]);
  });
});

describe('a timeout', () => {
  const late = timedOutAfter(5000);

  test('in one arm is the largest difference, whatever it was cut off at', () => {
    const samples = samplesOf([pair(late, recordWith()), pair(recordWith(), late)], TTFT);
    expect([...differencesOf(samples)]).toEqual([Infinity, -Infinity]);
    expect(samples.timedOut).toEqual({ candidate: 1, baseline: 1 });
  });

  test('in both leaves', () => {
    const samples = samplesOf([pair(late, timedOutAfter(6000))], TTFT);
    expect(samples.candidate).toHaveLength(0);
    expect(samples.leftOut).toEqual({ ...NOTHING_LEFT, timedOut: 1 });
  });

  test('says nothing of a metric that is not among its bounds', () => {
    expect(samplesOf([pair(late, recordWith())], SPEED).leftOut.failed).toBe(1);
  });

  test('against another failure leaves as failed', () => {
    expect(samplesOf([pair(late, failedWith('server_5xx'))], TTFT).leftOut.failed).toBe(1);
  });
});

test.each([
  ['failed', failedWith('rate_limited'), TTFT],
  ['failed', failedWith('dropped'), TTFT],
  ['missing', recordWith({ ttft_ms: null }), TTFT],
  ['distorted', recordWith({ flags: ['cached_reply'] }), TTFT],
  ['distorted', recordWith({ flags: ['coalesced'] }), SPEED],
] as const)('leaves as %s: %o', (reason, record, metric) => {
  const whole = pair(recordWith(), recordWith());
  const pairs = [pair(record, recordWith()), whole, pair(recordWith(), record)];
  const samples = samplesOf(pairs, metric);
  expect(samples.candidate).toHaveLength(1);
  expect(samples.baseline).toHaveLength(1);
  expect(samples.leftOut).toEqual({ ...NOTHING_LEFT, [reason]: 2 });
});

test('chunks that a proxy held back say when the first token came all the same', () => {
  const held = recordWith({ flags: ['coalesced'] });
  expect(samplesOf([pair(held, recordWith())], TTFT).candidate).toHaveLength(1);
});

describe('turns of one conversation', () => {
  const turn = (turn: number, ttft_ms: number, of: Partial<PairedRecord> = {}) =>
    pair(recordWith({ turn, repeat: 0, ttft_ms, ...of }), recordWith({ turn, repeat: 0, ...of }));

  test('share a lot, and come to one difference, their mean', () => {
    const pairs = [turn(0, 300), turn(0, 330, { case_id: 'b' }), turn(1, 330), turn(2, 363)];
    const samples = samplesOf(pairs, TTFT);
    expect([...samples.lots]).toEqual([0, 1, 0, 0]);
    expect([...differencesOf(samples)]).toEqual([
      expect.closeTo(Math.log(1.1), 12),
      expect.closeTo(Math.log(1.1), 12),
    ]);
  });

  test('of another repeat, or of single requests with one name, are of a lot of their own', () => {
    const again = { repeat: 1 };
    const pairs = [turn(0, 300), turn(1, 300), turn(0, 300, again), turn(1, 300, again)];
    expect([...samplesOf(pairs, TTFT).lots]).toEqual([0, 0, 1, 1]);
    const singles = [turn(0, 300), turn(0, 300), pair(recordWith(), recordWith())];
    expect([...samplesOf(singles, TTFT).lots]).toEqual([0, 1, 2]);
  });

  test('are told by the arm that has a name', () => {
    const never = { ...failedWith('dropped'), case_id: '' };
    const late = { ...turn(1, 300), candidate: never };
    const samples = samplesOf([turn(0, 300), late, turn(2, 300)], TTFT);
    expect([...samples.lots]).toEqual([0, 0]);
    expect(samples.leftOut.failed).toBe(1);
  });

  test('go the way that most timeouts go', () => {
    const late = timedOutAfter(5000);
    const slow = (turn: number) => pair({ ...late, turn }, recordWith({ turn }));
    const fast = (turn: number) => pair(recordWith({ turn }), { ...late, turn });
    const differences = (...pairs: Pair[]) => [...differencesOf(samplesOf(pairs, TTFT))];
    expect(differences(turn(0, 300), slow(1), slow(2), fast(3))).toEqual([Infinity]);
    expect(differences(turn(0, 300), fast(1))).toEqual([-Infinity]);
    expect(differences(turn(0, 330), slow(1), fast(2))).toEqual([
      expect.closeTo(Math.log(1.1), 12),
    ]);
    expect(differences(slow(0), fast(1))).toEqual([0]);
  });
});

test('failures are counted by who failed; what never ended is in no count', () => {
  const [ok, failed] = [recordWith(), failedWith('server_5xx')];
  const pairs = [
    pair(ok, ok),
    pair(failed, ok),
    pair(timedOutAfter(100), ok),
    pair(ok, failed),
    pair(failed, failed),
    pair(failedWith('cancelled'), ok),
    pair(ok, failedWith('lost')),
    pair(failedWith('dropped'), failed),
  ];
  const failures = failuresOf(pairs);
  expect(failures).toMatchObject({ pairs: 5, candidateOnly: 2, baselineOnly: 1 });
  expect([...failures.candidate]).toEqual([0, 1, 1, 0, 1]);
  expect([...failures.baseline]).toEqual([0, 0, 0, 1, 1]);
});

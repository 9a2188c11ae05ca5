import { describe, expect, test } from 'vitest';
import type { GatedMetric } from '../../../src/gate/metric.ts';
import type { Pair, PairedRecord } from '../../../src/gate/paired/pair.ts';
import { PairedGate } from '../../../src/gate/paired/paired-gate.ts';
import { DEFAULT_GATE } from '../../../src/gate/settings.ts';
import { createRandom } from '../../../src/random.ts';
import { failedWith, noisyPairs, recordWith, timedOutAfter } from './fixtures.ts';

const TTFT: GatedMetric = {
  kind: 'quantile',
  text: 'ttft_ms:p(50)',
  metric: 'ttft_ms',
  p: 0.5,
  better: 'lower',
};
const SPEED: GatedMetric = {
  kind: 'quantile',
  text: 'decode_tokens_per_second:p(50)',
  metric: 'decode_tokens_per_second',
  p: 0.5,
  better: 'higher',
};
const TPOT: GatedMetric = { ...TTFT, text: 'tpot_ms:p(50)', metric: 'tpot_ms' };
const ITL: GatedMetric = { ...TTFT, text: 'itl_ms:p(50)', metric: 'itl_ms_p50' };
const TAIL: GatedMetric = { ...TTFT, text: 'ttft_ms:p(95)', p: 0.95 };
const SLOW_END: GatedMetric = { ...SPEED, text: 'decode_tokens_per_second:p(5)', p: 0.05 };
const RATE: GatedMetric = { kind: 'error_rate', text: 'error_rate', better: 'lower' };

function gateOf(...metrics: GatedMetric[]) {
  return new PairedGate(metrics, DEFAULT_GATE, metrics.length);
}

/** Looks at every planned size until all is decided. */
function judge(metrics: GatedMetric[], pairs: ReturnType<typeof noisyPairs>) {
  const gate = gateOf(...metrics);
  let findings = gate.look([], false);
  for (const size of gate.looks) {
    if (gate.decided || size > pairs.length) break;
    findings = gate.look(pairs.slice(0, size), false);
  }
  return { gate, findings };
}

describe('sizes to look at', () => {
  test('are those of all metrics, each once, ascending', () => {
    expect(gateOf(TTFT, RATE).looks).toEqual([100, 200, 400]);
    expect(gateOf(TAIL).looks).toEqual([1000]);
    expect(gateOf(TAIL, TTFT).looks).toEqual([100, 200, 400, 1000]);
  });
});

describe('verdicts', () => {
  test('equal arms pass', () => {
    const { gate, findings } = judge([TTFT, SPEED, RATE], noisyPairs(400, 1, 'equal'));
    expect(findings.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    expect(findings.map(({ next }) => next)).toEqual([null, null, null]);
    expect(gate.decided).toBe(true);
  });

  test('a candidate 20 % slower fails, latency up and speed down', () => {
    const { findings } = judge([TTFT, SPEED, RATE], noisyPairs(400, 1.2, 'slower'));
    expect(findings.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'pass']);
    const [latency, speed] = findings;
    expect(latency?.change?.estimate).toBeGreaterThan(0.1);
    expect(latency?.change?.low).toBeGreaterThan(0);
    expect(speed?.change?.estimate).toBeLessThan(-0.08);
    expect(speed?.change?.high).toBeLessThan(0);
    expect(latency?.why).toMatch(/at best [\d.]+ % higher, so certainly worse/);
    expect(speed?.why).toMatch(/at best [\d.]+ % lower, so certainly worse/);
    expect(latency?.next).toMatch(/before the first token/);
  });

  test('a candidate 20 % faster passes', () => {
    const { findings } = judge([TTFT, SPEED], noisyPairs(400, 1 / 1.2, 'faster'));
    expect(findings.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  });

  test('noise too large for 400 pairs is inconclusive, and says what it would take', () => {
    const { gate, findings } = judge([TTFT], noisyPairs(400, 1.04, 'noisy', 0.6));
    expect(gate.decided).toBe(true);
    expect(findings[0]).toMatchObject({
      verdict: 'inconclusive',
      looks: { taken: 3, planned: 3 },
      samples: { count: 400, of: 'pairs' },
    });
    expect(findings[0]?.next).toMatch(/more pairs would decide it|the noise is too large/);
  });

  test('a tail 50 % longer fails at 1,000 pairs, and a slow end 50 % slower', () => {
    const { findings } = judge([TAIL, SLOW_END], noisyPairs(1000, 1.5, 'tail'));
    expect(findings.map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
    expect(findings[0]?.change?.estimate).toBeCloseTo(0.5, 0);
    expect(findings[1]?.change?.estimate).toBeCloseTo(1 / 1.5 - 1, 0);
    expect(findings[0]?.looks).toEqual({ taken: 1, planned: 1 });
  });

  test('failures of the candidate alone fail the error rate, and leave the latency test', () => {
    const pairs = noisyPairs(100, 1, 'failing').map((pair, index) =>
      index % 5 === 0 ? { ...pair, candidate: failedWith('server_5xx') } : pair,
    );
    const { findings } = judge([RATE, TTFT], pairs);
    expect(findings[0]).toMatchObject({
      verdict: 'fail',
      value: { value: 0.2, n: 100 },
      baseline: { value: 0, n: 100 },
      change: { scale: 'difference', estimate: 0.2 },
    });
    expect(findings[0]?.why).toMatch(/20 pairs failed in the candidate alone, 0 in the baseline/);
    expect(findings[1]?.samples).toEqual({ count: 80, of: 'pairs' });
    expect(findings[1]?.why).toMatch(/20 pairs left out \(20 failed\)$/);
  });

  test('a candidate that mostly times out fails although nobody knows by how much', () => {
    const pairs = noisyPairs(100, 1, 'timeouts').map((pair, index) =>
      index % 10 < 9 ? { ...pair, candidate: timedOutAfter(5000) } : pair,
    );
    const { findings } = judge([TTFT], pairs);
    expect(findings[0]).toMatchObject({
      verdict: 'fail',
      change: { estimate: null, low: null, high: null },
      value: { value: 5000, at_least: true },
    });
    expect(findings[0]?.why).toMatch(/timed out on one side: 90 of the candidate, 0 of the base/);
  });

  test('where every request failed there is nothing to pass', () => {
    const pairs = Array.from({ length: 400 }, () => ({
      candidate: failedWith('connect'),
      baseline: failedWith('connect'),
    }));
    const { gate, findings } = judge([TTFT], pairs);
    expect(gate.decided).toBe(true);
    expect(findings[0]).toMatchObject({ verdict: 'inconclusive', change: null });
    expect(findings[0]?.why).toMatch(
      /^only 0 pairs to judge by, where 20 are the least; 400 pairs/,
    );
  });
});

describe('of pairs most of which do not count', () => {
  const failedIn = (...arms: (keyof Pair)[]) =>
    Object.fromEntries(arms.map((arm) => [arm, failedWith('server_5xx')]));
  const cached = { candidate: recordWith({ flags: ['cached_reply'] }) };
  const without = { candidate: recordWith({ ttft_ms: null }) };
  const late = { candidate: timedOutAfter(5000), baseline: timedOutAfter(5000) };
  const withOdd = (count: number, odd: Partial<Pair>, ratio = 1) =>
    noisyPairs(400, ratio, 'most', 0.1).map((pair, index) =>
      (index * 7) % 400 < count ? { ...pair, ...odd } : pair,
    );

  test.each<[string, Partial<Pair>]>([
    ['failed in the candidate', failedIn('candidate')],
    ['failed in both arms', failedIn('candidate', 'baseline')],
    ['timed out in both arms', late],
    ['were cached', cached],
    ['came without the metric', without],
  ])('nothing passes where they %s', (_, odd) => {
    const of = (count: number) => judge([TTFT], withOdd(count, odd)).findings[0];
    expect(of(200)?.verdict).toBe('pass');
    for (const count of [240, 375]) {
      const pattern = 'sent count, and a pass takes half of them at least; [0-9]+ pairs left out';
      expect(of(count)).toMatchObject({
        verdict: 'inconclusive',
        looks: { taken: 3, planned: 3 },
        why: expect.stringMatching(`^only ${400 - count} of the 400 pairs ${pattern}`),
        next: 'see why so few of the pairs count',
      });
    }
  });

  test('what is certainly worse fails all the same', () => {
    const { findings } = judge([TTFT], withOdd(340, failedIn('baseline'), 1.5));
    expect(findings[0]?.verdict).toBe('fail');
  });

  test('so with the tail, and with failures of which few ever came to an end', () => {
    const pairs = [...noisyPairs(400, 1, 'tail', 0.1), ...Array(600).fill(failedPair('dropped'))];
    const findings = gateOf(TAIL, RATE).look(pairs, true);
    expect(findings.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive']);
    const most = gateOf(TAIL, RATE).look(pairs.slice(0, 700), true);
    expect(most.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  });
});

function failedPair(outcome: PairedRecord['outcome']): Pair {
  return { candidate: failedWith(outcome), baseline: failedWith(outcome) };
}

describe('growing', () => {
  const pairs = noisyPairs(1000, 1, 'growing');

  test('before the first look nothing is decided', () => {
    const gate = gateOf(TTFT);
    expect(gate.look(pairs.slice(0, 60), false)[0]).toMatchObject({
      verdict: 'inconclusive',
      change: null,
      looks: { taken: 0, planned: 3 },
      why: 'not looked at before there are 100 pairs',
      next: 'send 40 more pairs',
    });
    expect(gate.look(pairs.slice(0, 80), false)[0]?.next).toBe('send 20 more pairs');
    expect(gate.decided).toBe(false);
  });

  test('what was decided stays so, whatever comes after', () => {
    const gate = gateOf(TTFT, TAIL);
    const [early] = gate.look(pairs.slice(0, 100), false);
    expect(early?.verdict).toBe('pass');
    expect(gate.decided).toBe(false);
    const worse = [...pairs.slice(0, 100), ...noisyPairs(900, 3, 'worse')];
    const [late, tail] = gate.look(worse, false);
    expect(late).toEqual(early);
    expect(tail?.verdict).toBe('fail');
    expect(gate.decided).toBe(true);
  });

  test('the end of the budget is a look at what is there', () => {
    const gate = gateOf(TTFT, TAIL);
    const [median, tail] = gate.look(pairs.slice(0, 300), true);
    expect(median).toMatchObject({ verdict: 'pass', samples: { count: 300 } });
    expect(tail).toMatchObject({ looks: { taken: 1, planned: 1 }, samples: { count: 300 } });
    expect(gate.decided).toBe(true);
  });

  test('with too few pairs the end of the budget decides nothing', () => {
    const gate = gateOf(TTFT, TAIL, RATE);
    const findings = gate.look(noisyPairs(19, 3, 'few'), true);
    for (const finding of findings) {
      expect(finding).toMatchObject({ verdict: 'inconclusive', change: null });
    }
    expect(findings[1]?.why).toMatch(/where 90 are the least/);
    expect(gate.decided).toBe(true);
  });

  test.each([
    [TTFT, 8, [2, 4, 8], 'send 12 more pairs: a verdict takes 20 at least'],
    [TAIL, 60, [60], 'send 30 more pairs: a verdict takes 90 at least'],
    [TTFT, 15, [100, 200, 400], 'send 85 more pairs'],
  ])('%o with so few as %i asked for: how many more it takes', (metric, count, looks, next) => {
    const settings = { ...DEFAULT_GATE, looks, tailLooks: looks };
    const gate = new PairedGate([metric], settings, 1);
    expect(gate.look(noisyPairs(count, 3, 'few'), true)[0]).toMatchObject({
      why: expect.stringMatching(`^only ${count} pairs to judge by, where`),
      next,
    });
  });

  test('with too few conversations it is these that are missing', () => {
    const turns = Array.from({ length: 100 }, (_, index) => {
      const of = { case_id: `c${index % 10}`, turn: Math.floor(index / 10) };
      return { candidate: recordWith(of), baseline: recordWith(of) };
    });
    expect(gateOf(TTFT).look(turns, false)[0]).toMatchObject({
      why: 'only 10 conversations to judge by, where 20 are the least',
      next: 'send more conversations: a verdict takes 20 at least',
    });
  });

  test('with just enough a plain change is found', () => {
    const gate = gateOf(TTFT);
    expect(gate.look(noisyPairs(20, 3, 'enough'), true)[0]?.verdict).toBe('fail');
  });
});

test('conversations of equal arms do not fail for their turns being alike', () => {
  // Each of 400 checks: 34 conversations of three turns, whose differences have one sign in common.
  const random = createRandom('conversations');
  let failed = 0;
  for (let check = 0; check < 400; check++) {
    const pairs = Array.from({ length: 34 }, (_, conversation) => {
      const shared = 0.4 * random.normal();
      return [0, 1, 2].map((turn) => {
        const of = (ttft_ms: number) => recordWith({ case_id: `c${conversation}`, turn, ttft_ms });
        const own = shared + 0.05 * random.normal();
        return { candidate: of(300 * Math.exp(own)), baseline: of(300) };
      });
    }).flat();
    if (gateOf(TTFT).look(pairs.slice(0, 100), false)[0]?.verdict === 'fail') failed++;
  }
  // At 1/3 % a look 1.3 are expected; with the turns taken one by one there are some 20.
  expect(failed).toBeLessThanOrEqual(6);
});

describe('bounds', () => {
  const pairs = noisyPairs(100, 1.04, 'bounds');

  test('the more is tested, the wider the side of fail; the side of pass stays', () => {
    const [one, many] = [1, 48].map(
      (tests) => new PairedGate([TTFT], DEFAULT_GATE, tests).look(pairs, true)[0]?.change,
    );
    expect(many?.low).toBeLessThan(one?.low as number);
    expect(many?.high).toBe(one?.high);
    expect(one?.confidence).toBe(0.98);
  });

  test('the same pairs give the same finding', () => {
    const look = () => gateOf(TTFT, TAIL, RATE).look(pairs, true);
    expect(look()).toEqual(look());
  });

  test('swapping the arms turns the estimate around', () => {
    const swapped = pairs.map(({ candidate, baseline }) => ({
      candidate: baseline,
      baseline: candidate,
    }));
    const [one, other] = [pairs, swapped].map((of) => gateOf(TTFT).look(of, true)[0]);
    expect(1 + (other?.change?.estimate as number)).toBeCloseTo(
      1 / (1 + (one?.change?.estimate as number)),
      9,
    );
    expect(other?.value).toEqual(one?.baseline);
  });
});

test('the estimates of the arms are those of a summary: every record of an arm counts', () => {
  const slow = recordWith({ ttft_ms: 900, case_id: 'slow' });
  const pairs = [
    ...noisyPairs(99, 1, 'arms', 0),
    { candidate: slow, baseline: failedWith('server_5xx') },
  ];
  const [finding] = gateOf(TTFT).look(pairs, true);
  expect(finding?.value).toMatchObject({ value: 300, n: 100 });
  expect(finding?.baseline).toMatchObject({ value: 300, n: 99 });
  expect(finding?.samples.count).toBe(99);
});

describe('a metric that replies do not have', () => {
  test('says of a metric that neither arm has that there is nothing to compare, at the first look', () => {
    const oneToken = recordWith({ tpot_ms: null, output_tokens: 1 });
    const pairs = Array.from({ length: 100 }, () => ({ candidate: oneToken, baseline: oneToken }));
    const gate = gateOf(TPOT);
    expect(gate.look(pairs, false)).toMatchObject([
      { verdict: 'inconclusive', advisory: true, why: 'no reply of either arm has this metric' },
    ]);
    expect(gate.decided).toBe(true);
  });

  const oneToken = recordWith({ tpot_ms: null, output_tokens: 1 });
  const lookAt = (metric: GatedMetric, pairs: Pair[], last = false) => {
    const gate = gateOf(metric);
    const [finding] = gate.look(pairs, last);
    return { finding, decided: gate.decided };
  };
  const plain = { candidate: oneToken, baseline: oneToken };
  const uncounted = recordWith({ tpot_ms: null });
  const held = { flags: ['coalesced'] };

  test.each<[string, Pair]>([
    ['the candidate alone has lost', { candidate: oneToken, baseline: recordWith() }],
    ['nobody counted tokens for', { candidate: uncounted, baseline: oneToken }],
    ['a failed request might have had', { ...plain, candidate: failedWith('server_5xx') }],
    ['two that timed out might', { candidate: timedOutAfter(9), baseline: timedOutAfter(9) }],
    ['a reply held back might', { ...plain, candidate: { ...recordWith(held) } }],
  ])('goes on asking for a metric that %s, if only once', (_, odd) => {
    for (const count of [1, 99, 100]) {
      const pairs = Array.from({ length: 100 }, (_, index) => (index < count ? odd : plain));
      const { finding, decided } = lookAt(TPOT, pairs);
      expect(finding).toMatchObject({ verdict: 'inconclusive', advisory: false });
      expect(decided).toBe(false);
    }
  });

  test('goes on asking for an ITL where chunks have gaps, and nobody counts their tokens', () => {
    const gaps = recordWith({ itl_ms_p50: null, output_tokens: 100 });
    const pairs = (one: PairedRecord) => Array(100).fill({ candidate: one, baseline: one });
    expect(lookAt(ITL, pairs(gaps)).finding?.advisory).toBe(false);
    expect(lookAt(ITL, pairs({ ...gaps, chunk_gap_ms_p50: null })).finding?.advisory).toBe(true);
  });

  test('takes no fewer pairs for all of them than a verdict does', () => {
    expect(lookAt(TPOT, Array(19).fill(plain), true).finding?.advisory).toBe(false);
    expect(lookAt(TPOT, Array(20).fill(plain), true).finding?.advisory).toBe(true);
  });
});

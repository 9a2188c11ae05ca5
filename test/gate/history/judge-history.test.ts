import { describe, expect, test } from 'vitest';
import { levelChangesIn } from '../../../src/gate/history/changes.ts';
import { judgeHistory } from '../../../src/gate/history/judge-history.ts';
import { gradeMetric, parseGatedMetric } from '../../../src/gate/metric.ts';
import { DEFAULT_GATE, type GateSettings } from '../../../src/gate/settings.ts';
import type { Finding } from '../../../src/gate/types.ts';
import { aHistory, aRunsEvidence, nights, type RunShape } from './histories.ts';

const TESTS = 3;

function judged(
  history: RunShape[],
  run: Omit<RunShape, 'seed'> = {},
  settings: GateSettings = DEFAULT_GATE,
): Finding[] {
  const evidence = aRunsEvidence({ ...run, seed: 'judged' });
  return judgeHistory(evidence, aHistory(history), settings, TESTS);
}

const brief = (findings: Finding[]) =>
  findings.map(
    ({ metric, verdict, advisory }) => `${metric} ${verdict}${advisory ? ', advisory' : ''}`,
  );

const gating = (...texts: string[]): GateSettings => ({
  ...DEFAULT_GATE,
  metrics: texts.map((text) => {
    const metric = parseGatedMetric(text);
    if ('problem' in metric) throw new Error(metric.problem);
    return metric;
  }),
});

describe('with runs enough', () => {
  test('an equal run passes', () => {
    const findings = judged(nights(12));
    expect(brief(findings)).toEqual([
      'ttft_ms:p(50) pass',
      'tpot_ms:p(50) pass',
      'error_rate pass',
    ]);
    expect(findings[0]).toMatchObject({
      form: 'history',
      target: 'market',
      model: 'DeepSeek-R1',
      against: '12 runs',
      samples: { count: 12, of: 'runs' },
      looks: { taken: 1, planned: 1 },
      next: null,
      limit: null,
    });
  });

  test('a step of 15 % fails, and the bounds say why', () => {
    const [ttft, tpot, errors] = judged(nights(11), { slower: 1.15 });
    expect(brief([ttft, tpot, errors] as Finding[])).toEqual([
      'ttft_ms:p(50) fail',
      'tpot_ms:p(50) fail',
      'error_rate pass',
    ]);
    const { low, high, estimate, scale, confidence } = ttft?.change ?? {};
    expect({ scale, confidence }).toEqual({ scale: 'ratio', confidence: 0.98 });
    expect(estimate).toBeGreaterThan(0.13);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(estimate as number);
    expect(ttft?.why).toMatch(
      /^1\d\.\d % higher than the last 11 runs, where chance explains up to/,
    );
    expect(ttft?.next).toContain('before the first token');
  });

  test('failed requests beyond chance fail the error rate alone', () => {
    const some = judged(nights(12, { failed: 2 }), { failed: 15 });
    expect(brief(some)[2]).toBe('error_rate fail');
    expect(some[2]?.change).toMatchObject({ scale: 'difference' });
    expect(some[2]?.baseline?.value).toBeCloseTo(0.02, 10);
    expect(brief(judged(nights(12, { failed: 2 }), { failed: 4 }))[2]).toBe('error_rate pass');
    expect(brief(judged(nights(12), { failed: 1 }))[2]).toBe('error_rate pass');
  });

  test('of a metric of which more is better, a fall fails and has changes below 0', () => {
    const settings = gating('decode_tokens_per_second');
    const [slower] = judged(nights(12), { slower: 1.2 }, settings);
    expect(slower).toMatchObject({ verdict: 'fail', better: 'higher' });
    expect(slower?.change?.estimate).toBeLessThan(-0.1);
    expect(slower?.change?.high).toBeLessThan(0);
    expect(judged(nights(12), { slower: 0.8 }, settings)[0]?.verdict).toBe('pass');
  });

  test('where runs differ much it is inconclusive, and says how little it sees', () => {
    const noisy = Array.from({ length: 12 }, (_, i) => ({
      slower: 1 + 0.08 * (i % 3),
      seed: `n${i}`,
    }));
    const [ttft] = judged(noisy, { slower: 1.07 });
    expect(ttft?.verdict).toBe('inconclusive');
    expect(ttft?.why).toMatch(/10\.0 % higher would be found in \d+ % of checks/);
    expect(ttft?.next).toContain('more requests in each run');
  });

  test('a run of fewer samples is less sure', () => {
    const [whole, quarter] = [100, 25].map((requests) => judged(nights(12), { requests })[0]);
    const width = (one: Finding | undefined) =>
      (one?.change?.high ?? 0) - (one?.change?.estimate ?? 0);
    expect(width(quarter) / width(whole)).toBeGreaterThan(1.8);
  });

  test('a quantile that no row holds comes from the samples', () => {
    const settings = gating('ttft_ms:p(80)');
    expect(brief(judged(nights(12), {}, settings))).toEqual(['ttft_ms:p(80) pass']);
    expect(brief(judged(nights(12), { slower: 1.4 }, settings))).toEqual(['ttft_ms:p(80) fail']);
    const e2e = gating('ttfat_ms:p(80)');
    expect(judged(nights(12), {}, e2e)[0]?.why).toContain('no earlier run has a figure of it');
  });
});

describe('a history that is not steady', () => {
  test('one night far out neither trips the gate nor blinds it', () => {
    const withNight = [...nights(6), { slower: 1.5, seed: 'night' }, ...nights(6, {}, 'later')];
    expect(brief(judged(withNight))[0]).toBe('ttft_ms:p(50) pass');
    const [slower] = judged(withNight, { slower: 1.1 });
    expect(slower?.verdict).toBe('fail');
    expect(slower?.why).toContain('(1 outlier apart)');
  });

  test('after a step the new level counts, with the spread of before', () => {
    const stepped = [...nights(10), ...nights(4, { slower: 1.15 }, 'after')];
    const [same] = judged(stepped, { slower: 1.15 });
    expect(same?.verdict).toBe('pass');
    expect(same?.why).toMatch(
      /the 4 runs since 20260111T020000Z-reasoning, where it rose by 1\d\.\d %/,
    );
    expect(judged(stepped, { slower: 1.3 })[0]?.verdict).toBe('fail');
    expect(judged(stepped)[0]?.change?.estimate).toBeLessThan(-0.1);
  });

  test('a step goes on failing for two nights more, and says since when', () => {
    for (const count of [1, 2]) {
      const [ttft] = judged([...nights(12), ...nights(count, { slower: 1.15 }, 'new')], {
        slower: 1.15,
      });
      expect(ttft?.verdict).toBe('fail');
      if (count === 2) expect(ttft?.why).toContain('it has been there since 20260113T020000Z');
    }
  });

  test('a slow drift does not add up to a failure', () => {
    const drifting = nights(40).map((shape, night) => ({
      ...shape,
      slower: shape.slower * 1.002 ** night,
    }));
    expect(brief(judged(drifting, { slower: 1.002 ** 40 }))[0]).toBe('ttft_ms:p(50) pass');
    expect(brief(judged(drifting, { slower: 1.15 * 1.002 ** 40 }))[0]).toBe('ttft_ms:p(50) fail');
  });
});

describe('with too few runs', () => {
  test('it is advice, with how many are missing', () => {
    const findings = judged(nights(3), { slower: 1.5 });
    expect(brief(findings)).toEqual([
      'ttft_ms:p(50) inconclusive, advisory',
      'tpot_ms:p(50) inconclusive, advisory',
      'error_rate inconclusive, advisory',
    ]);
    expect(findings[0]?.why).toMatch(
      /^5\d\.\d % higher than their level; only 3 runs of 10: 7 more/,
    );
    expect(findings[0]?.next).toContain('store 7 more runs');
    expect(findings[0]?.change?.low).not.toBeNull();
  });

  test('two runs that differ bound nothing', () => {
    const [ttft] = judged([
      { seed: 'a', slower: 1 },
      { seed: 'b', slower: 1.2 },
    ]);
    expect(ttft?.change).toMatchObject({ low: null, high: null });
    expect(ttft).toMatchObject({ verdict: 'inconclusive', advisory: true });
  });

  test('of a single one, the shift with what the requests of both leave open', () => {
    const [ttft, , errors] = judged(nights(1), { slower: 1.15, failed: 3 });
    expect(ttft).toMatchObject({ verdict: 'inconclusive', advisory: true, against: '1 run' });
    const { estimate, low, high } = ttft?.change ?? {};
    expect(estimate).toBeCloseTo(0.16, 1);
    expect(low).toBeLessThan(estimate as number);
    expect(high).toBeGreaterThan(estimate as number);
    expect((high as number) - (low as number)).toBeLessThan(0.04);
    expect(ttft?.why).toContain('9 more are missing');
    expect(errors?.change).toMatchObject({ scale: 'difference', estimate: 0.03 });
    for (const { change } of [ttft, errors] as Finding[]) expect(change?.confidence).toBe(0.95);
    const looser = judged(nights(1), { slower: 1.15, failed: 3 }, { ...DEFAULT_GATE, alpha: 0.1 });
    expect(looser[0]?.change).toEqual(ttft?.change);
  });

  test('of none, that there is none', () => {
    const [ttft] = judged([]);
    expect(ttft).toMatchObject({ verdict: 'inconclusive', advisory: true, change: null });
    expect(ttft?.why).toBe('no earlier run has a figure of it: 10 more are missing');
  });
});

describe('rows and figures that are not there', () => {
  test('too few samples are no figure', () => {
    const [ttft] = judged(nights(12), { requests: 5 });
    expect(ttft).toMatchObject({ verdict: 'inconclusive', change: null });
    expect(ttft?.why).toBe('its 5 samples are too few for a figure');
  });

  test('timeouts of most requests fail, and never pass', () => {
    const changes = {
      outcome: 'ttft_timeout' as const,
      ttft_ms: 60_000,
      censored: ['ttft_ms'],
      tpot_ms: null,
    };
    const evidence = aRunsEvidence({ seed: 'x' });
    const timedOut = aRunsEvidence({ seed: 'x', failed: 80, changes });
    const history = aHistory(nights(12));
    expect(judgeHistory(timedOut, history, DEFAULT_GATE, TESTS)[0]).toMatchObject({
      verdict: 'fail',
      change: { high: null },
    });
    expect(judgeHistory(evidence, history, DEFAULT_GATE, TESTS)[0]?.verdict).toBe('pass');
  });

  test('what a row never has is no finding; what it has no more is one', () => {
    const changes = { tpot_ms: null, decode_tokens_per_second: null };
    const oneToken = (seed: string) =>
      aRunsEvidence({ seed, requests: 20, failed: 20, changes: { ...changes, ttft_ms: null } });
    const never = judgeHistory(oneToken('x'), aHistory([]), DEFAULT_GATE, TESTS);
    expect(brief(never)).toEqual(['error_rate inconclusive, advisory']);
    const gone = judgeHistory(oneToken('x'), aHistory(nights(12)), DEFAULT_GATE, TESTS);
    expect(brief(gone)).toEqual([
      'ttft_ms:p(50) inconclusive',
      'tpot_ms:p(50) inconclusive',
      'error_rate fail',
    ]);
    expect(gone[0]?.why).toBe('the run has no figure of it');
  });

  test('another model of the history is not held against', () => {
    const changes = { model: 'another' };
    const findings = judged(nights(12, { changes }));
    expect(findings.every(({ advisory, change }) => advisory && change === null)).toBe(true);
  });
});

describe('scores', () => {
  const graded = (shares: number[]): RunShape[] =>
    nights(shares.length).map((night, index) => ({ ...night, right: shares[index] as number }));
  const steady = graded(Array.from({ length: 12 }, (_, index) => 0.8 + 0.02 * (index % 3)));

  test('are watched beside what was measured, and pass where they are as good', () => {
    const findings = judged(steady, { right: 0.82 });
    expect(brief(findings)).toEqual([
      'ttft_ms:p(50) pass',
      'tpot_ms:p(50) pass',
      'error_rate pass',
      'score inconclusive, advisory',
      'ungraded_share pass',
    ]);
    const score = findings[3] as Finding;
    expect(score.baseline?.value).toBeCloseTo(0.82, 2);
    expect(score.change).toMatchObject({ scale: 'difference' });
  });

  test('fail where one is surely worse, with words that say which way', () => {
    const [, , , score] = judged(steady, { right: 0.45 });
    expect(score).toMatchObject({ metric: 'score', verdict: 'fail', advisory: false });
    expect(score?.change?.estimate).toBeCloseTo(-0.37, 1);
    expect(score?.change?.high).toBeLessThan(0);
    expect(score?.why).toContain('points lower');
  });

  test('no better score fails', () => {
    const [, , , score] = judged(steady, { right: 1 });
    expect(score).toMatchObject({ verdict: 'pass' });
  });

  test('asked for by name are judged in full', () => {
    const found = judged(steady, { right: 0.82 }, gating('score'));
    expect(brief(found)[0]).toBe('score inconclusive');
    expect(brief(judged(steady, { right: 0.5 }, gating('accuracy')))[0]).toBe('accuracy fail');
  });

  test('beside runs that were not graded are told for information', () => {
    const findings = judged(nights(12), { right: 0.82 });
    expect(brief(findings).slice(3)).toEqual([
      'score inconclusive, advisory',
      'ungraded_share inconclusive, advisory',
    ]);
    expect(findings[3]?.why).toContain('no earlier run has a figure of it');
  });

  test('beside a single run are told with the interval of their difference', () => {
    const [, , , score] = judged(steady.slice(0, 1), { right: 0.6 });
    expect(score).toMatchObject({ verdict: 'inconclusive', advisory: true });
    expect(score?.change?.estimate).toBeCloseTo(-0.2, 6);
    expect(score?.why).toContain('20.0 points lower');
  });

  test('came to a new level, which is told in the metric’s own direction', () => {
    const shares = Array.from({ length: 24 }, (_, index) => (index < 12 ? 0.9 : 0.5));
    const [change] = levelChangesIn(aHistory(graded(shares)), [gradeMetric('score')]);
    expect(change).toMatchObject({ metric: 'score', better: 'higher', scale: 'difference' });
    expect(change?.before).toBeCloseTo(0.9, 1);
    expect(change?.after).toBeCloseTo(0.5, 1);
    expect(change?.change).toBeLessThan(-0.3);
  });
});

test('a score that was asked for and that no run has is open, not passed over', () => {
  const [score] = judged(nights(12), {}, gating('score'));
  expect(score).toMatchObject({ metric: 'score', verdict: 'inconclusive', advisory: false });
  expect(score?.why).toContain('the run has no figure of it');
});

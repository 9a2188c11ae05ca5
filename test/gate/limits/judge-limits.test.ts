import { describe, expect, test } from 'vitest';
import { countLimits, judgeLimits, namesNothing } from '../../../src/gate/limits/judge-limits.ts';
import type { RowEvidence } from '../../../src/metrics/evidence.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import { aFailure, aTimeout, evidenceOf } from '../../metrics/fixtures.ts';
import { limit, placeOf, repliesAfter, shuffled, withFailures } from './fixtures.ts';

const ALPHA = { alpha: 0.01 };

function judge(text: string, records: RequestRecord[], tests = 1, slo = {}) {
  const [finding] = judgeLimits([limit(text)], [evidenceOf(records, {}, slo)], ALPHA, tests);
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

describe('a quantile', () => {
  const records = repliesAfter(shuffled(1000));

  // By SciPy's roots at 1 %: the median lies between 463.7 and 537.3, p95 between 933.8 and 965.8.
  test.each([
    ['ttft_ms:med<463', 'fail'],
    ['ttft_ms:med<464.5', 'inconclusive'],
    ['ttft_ms:med<536', 'inconclusive'],
    ['ttft_ms:med<538.5', 'pass'],
    ['ttft_ms:p(95)<930', 'fail'],
    ['ttft_ms:p(95)<950', 'inconclusive'],
    ['ttft_ms:p(95)<967', 'pass'],
    ['ttft_ms:med>538.5', 'fail'],
    ['ttft_ms:med>500', 'inconclusive'],
    ['ttft_ms:med>463', 'pass'],
    ['ttft_ms:p(37.5)<430', 'pass'],
  ])('%s: %s', (text, verdict) => {
    expect(judge(text, records).verdict).toBe(verdict);
  });

  test('fails less easily among many findings, and passes as before', () => {
    expect(judge('ttft_ms:med<460', records).verdict).toBe('fail');
    expect(judge('ttft_ms:med<460', records, 100).verdict).toBe('inconclusive');
    expect(judge('ttft_ms:med<538.5', records, 100).verdict).toBe('pass');
  });

  test('of fewer than 50 samples is left open, whatever they show', () => {
    const few = judge('ttft_ms:med<1', repliesAfter(shuffled(49)));
    expect(few).toMatchObject({
      verdict: 'inconclusive',
      why: '49 requests are too few to say how far the median may be from what was seen',
      next: '10 requests more would probably tell',
    });
    expect(judge('ttft_ms:med<1', repliesAfter(shuffled(50))).verdict).toBe('fail');
  });

  test('one end may be there without the other', () => {
    const sixty = repliesAfter(shuffled(60));
    expect(judge('ttft_ms:p(95)<30', sixty).verdict).toBe('fail');
    const open = judge('ttft_ms:p(95)<200', sixty);
    expect(open.verdict).toBe('inconclusive');
    expect(open.why).toMatch(
      /^p95 is at least \d.* ms, and 60 requests are too few to say how high/,
    );
  });

  describe('no reply has', () => {
    const oneToken = { tpot_ms: null, decode_tokens_per_second: null, output_tokens: 1 };
    const classifier = repliesAfter(shuffled(400), oneToken);

    test('more requests are no remedy, and a limit for all models is not meant for it', () => {
      const own = `tpot_ms{model:${records[0]?.model}}:med<5`;
      expect(judge(own, classifier)).toMatchObject({ verdict: 'inconclusive', advisory: false });
      expect(judge('tpot_ms:med<5', classifier)).toMatchObject({
        verdict: 'inconclusive',
        advisory: true,
        why: 'nothing can be said of the median and the limit of 5.00 ms: no reply has this figure',
        next: 'judge another metric; docs/metrics.md says when this one is n/a',
      });
    });

    const but = (change: (record: RequestRecord, index: number) => RequestRecord) =>
      classifier.map(change);
    const flagged = (flag: string) =>
      repliesAfter(shuffled(400)).map((record) => ({ ...record, flags: [flag] }));
    const lastOf = (index: number) => index === classifier.length - 1;

    test.each<[string, string, RequestRecord[]]>([
      ['its chunks were held back', 'tpot_ms:med<5', flagged('coalesced')],
      ['it was cached', 'ttft_ms:med<5', flagged('cached_reply')],
      [
        'some of its replies were cached',
        'tpot_ms:med<5',
        but((one, index) => (lastOf(index) ? { ...one, flags: ['cached_reply'] } : one)),
      ],
      [
        'all but one failed',
        'tpot_ms:med<5',
        but((one, index) => (lastOf(index) ? one : aFailure(placeOf(index)))),
      ],
      [
        'one failed',
        'tpot_ms:med<5',
        but((one, index) => (lastOf(index) ? aFailure(placeOf(index)) : one)),
      ],
      [
        'one was cancelled',
        'tpot_ms:med<5',
        but((one, index) =>
          lastOf(index) ? aFailure({ ...placeOf(index), outcome: 'cancelled' }) : one,
        ),
      ],
      [
        'nobody counted its tokens',
        'tpot_ms:med<5',
        but((one) => ({ ...one, output_tokens: null, token_source: 'unknown' })),
      ],
      ['nobody counted those of its chunks', 'itl_ms:med<5', records],
      ['it answered less than 50 times', 'tpot_ms:med<5', classifier.slice(0, 49)],
    ])('but may, for %s: then the limit is as open as any', (_, text, found) => {
      expect(judge(text, found)).toMatchObject({ verdict: 'inconclusive', advisory: false });
    });
  });

  test('is said in words', () => {
    expect(judge('ttft_ms:p(95)<950', records)).toMatchObject({
      form: 'threshold',
      metric: 'ttft_ms:p(95)',
      better: 'lower',
      against: '< 950',
      limit: 950,
      value: { value: 950.05, n: 1000 },
      baseline: null,
      change: null,
      advisory: false,
      samples: { count: 1000, of: 'requests' },
      looks: { taken: 1, planned: 1 },
      why: 'p95 lies between 934 and 966 ms, and the limit of 950 ms is inside',
    });
    expect(judge('ttft_ms:p(95)<900', records)).toMatchObject({
      why: 'p95 lies between 934 and 966 ms, past the limit of 900 ms',
      next: null,
    });
    expect(judge('ttft_ms:p(95)<1s', records)).toMatchObject({
      why: 'p95 lies between 934 and 966 ms, below the limit of 1,000 ms',
      next: null,
    });
  });
});

describe('p99 is counted', () => {
  // SciPy: binom.cdf(k, n, 0.01) and binom.sf(k − 1, n, 0.01) against 1 %.
  test.each([
    [458, 0, 'inconclusive'],
    [459, 0, 'pass'],
    [1000, 3, 'inconclusive'],
    [1001, 2, 'pass'],
    [1000, 18, 'inconclusive'],
    [1000, 19, 'fail'],
  ])('of %i, %i past the limit: %s', (count, past, verdict) => {
    const records = repliesAfter(shuffled(count));
    expect(judge(`ttft_ms:p(99)<=${count - past}`, records).verdict).toBe(verdict);
  });

  test('so is p1 of what should be high', () => {
    const records = repliesAfter(shuffled(1000));
    expect(judge('ttft_ms:p(1)>=2', records).verdict).toBe('pass');
    expect(judge('ttft_ms:p(1)>=10', records).verdict).toBe('inconclusive');
    expect(judge('ttft_ms:p(1)>=21', records).verdict).toBe('fail');
  });

  test('and says how many are missing', () => {
    expect(judge('ttft_ms:p(99)<1s', repliesAfter(shuffled(400)))).toMatchObject({
      verdict: 'inconclusive',
      why: '0 of 400 requests are past 1,000 ms and at that limit p99 allows 4: too near to tell by so many',
      next: '60 requests more would probably tell',
    });
  });
});

describe('waits that were cut off', () => {
  const cut = (ms: number, count = 400) =>
    repliesAfter(shuffled(count)).map((record, index) =>
      index % 8 === 0 ? aTimeout(ms, placeOf(index)) : record,
    );

  test('past an upper limit, count as past it', () => {
    expect(judge('ttft_ms:p(95)<500', cut(600)).verdict).toBe('fail');
  });

  test('before it, may keep it from passing, and never from failing', () => {
    expect(judge('ttft_ms:p(95)<900', repliesAfter(shuffled(400))).verdict).toBe('pass');
    expect(judge('ttft_ms:p(95)<900', cut(600))).toMatchObject({
      verdict: 'inconclusive',
      next: 'raise the timeouts above the limit',
    });
    expect(judge('ttft_ms:p(99)<900', cut(600, 800)).next).toBe(
      'raise the timeouts above the limit',
    );
    expect(judge('ttft_ms:p(95)<100', cut(50)).verdict).toBe('fail');
  });

  test('never miss a lower limit', () => {
    expect(judge('ttft_ms:med>350', repliesAfter(shuffled(400))).verdict).toBe('fail');
    expect(judge('ttft_ms:med>350', cut(1)).verdict).toBe('inconclusive');
  });
});

describe('a share', () => {
  // SciPy: binom.sf(k − 1, 400, 0.01) and binom.cdf(k, 400, 0.05) against 1 %.
  test.each([
    [9, '<1%', 'inconclusive'],
    [10, '<1%', 'fail'],
    [10, '<5%', 'pass'],
    [11, '<5%', 'inconclusive'],
    [0, '<1%', 'inconclusive'],
    [0, '<2%', 'pass'],
    [1, '<=0', 'fail'],
    [0, '<=0', 'inconclusive'],
  ])('of 400, %i failed, error_rate%s: %s', (failures, wanted, verdict) => {
    expect(judge(`error_rate${wanted}`, withFailures(400, failures)).verdict).toBe(verdict);
  });

  test('that must be 0 is proved by no number of requests', () => {
    expect(judge('error_rate<=0', withFailures(400, 0))).toMatchObject({
      why: 'the error rate is at most 1.1 %, and the limit of 0 % is inside: no number of requests proves that none ever fails',
      next: 'allow a few: set the limit above 0, as 1%',
    });
  });

  test('that failed says of what', () => {
    expect(judge('error_rate<1%', withFailures(400, 40)).next).toBe(
      'look at what failed: 40 server_5xx',
    );
  });

  test('of good requests wants objectives', () => {
    const records = repliesAfter(shuffled(400));
    expect(judge('goodput_share>90%', records).next).toBe('set them under slo in the config');
    expect(judge('goodput_share>90%', records, 1, { ttft_ms: 390 }).verdict).toBe('pass');
    expect(judge('goodput_share>90%', records, 1, { ttft_ms: 300 }).verdict).toBe('fail');
  });
});

describe('a rate', () => {
  test('is judged by blocks of time, from 400 requests on', () => {
    const records = repliesAfter(shuffled(400)).map((record, index) => ({
      ...record,
      output_tokens: 90 + (index % 21),
    }));
    expect(judge('output_tokens_per_second>150', records).verdict).toBe('pass');
    expect(judge('output_tokens_per_second>200', records).verdict).toBe('inconclusive');
    expect(judge('output_tokens_per_second>250', records).verdict).toBe('fail');
    expect(judge('output_tokens_per_second<150', records).verdict).toBe('fail');
    expect(judge('output_tokens_per_second>150', records.slice(0, 390))).toMatchObject({
      verdict: 'inconclusive',
      next: '10 requests more would probably tell',
    });
  });

  test('among too many findings to show a fail, may still pass, and says so where it does not', () => {
    const records = repliesAfter(shuffled(400)).map((record, index) => ({
      ...record,
      output_tokens: 90 + (index % 21),
    }));
    const among = (text: string) => judge(text, records, 100);
    expect(among('output_tokens_per_second>150')).toMatchObject({
      verdict: 'pass',
      why: expect.stringMatching(
        /^the throughput is at least \d+ tokens\/s, above the limit of 150/,
      ),
    });
    expect(among('output_tokens_per_second<250').verdict).toBe('pass');
    for (const text of ['output_tokens_per_second>250', 'output_tokens_per_second<150']) {
      const found = among(text);
      expect(found.verdict).toBe('inconclusive');
      expect(found.why).toMatch(
        /^the throughput is at (least|most) \d+ tokens\/s, and the limit is \d+ tokens\/s: the check has so many findings/,
      );
      expect(found.next).toMatch(/^judge fewer findings in one check/);
    }
    const near = among('output_tokens_per_second>199');
    expect(near.why).toMatch(
      /^the throughput is at least 19\d(\.\d+)? tokens\/s, and the limit is 199/,
    );
    expect(near.next).toMatch(/requests more would probably tell|move the limit/);
  });

  test('of a load that was hardly ever full is none, and says so', () => {
    const records = repliesAfter(shuffled(400)).map((record, index) =>
      index === 399 ? { ...record, started_ms: 200_000, ended_ms: 900_000 } : record,
    );
    expect(judge('requests_per_second>1', records)).toMatchObject({
      verdict: 'inconclusive',
      next: 'send more requests, or fewer at once',
    });
  });

  test('with tokens that nobody counted has no bound above', () => {
    const records = repliesAfter(shuffled(410)).map((record, index) =>
      index === 0
        ? { ...record, output_tokens: null }
        : { ...record, output_tokens: 90 + (index % 21) },
    );
    expect(judge('output_tokens_per_second>150', records).verdict).toBe('pass');
    expect(judge('output_tokens_per_second>250', records).next).toMatch(/name a tokenizer/);
  });
});

test('the cost is judged as it stands', () => {
  const records = repliesAfter(shuffled(20), { cost_usd: 0.06 });
  expect(judge('cost_usd<$1', records)).toMatchObject({
    verdict: 'fail',
    why: 'the cost is $1.20, past the limit of $1.00',
  });
  expect(judge('cost_usd<2', records).verdict).toBe('pass');
  expect(judge('cost_usd<2', repliesAfter(shuffled(20)))).toMatchObject({
    verdict: 'inconclusive',
    next: 'give the model its price in the config',
  });
});

describe('which rows', () => {
  const evidence: RowEvidence[] = [
    evidenceOf(repliesAfter(shuffled(100), { model: 'fast' })),
    evidenceOf(repliesAfter(shuffled(100), { model: 'slow' })),
    evidenceOf([], {
      model: 'shut',
      label: 'Shut',
      planned: 100,
      not_subscribed: true,
      skipped_reason: 'the key is not subscribed to it (HTTP 401)',
    }),
  ];
  const of = (...texts: string[]) => judgeLimits(texts.map(limit), evidence, ALPHA, 1);

  test('every one of which something was sent, threshold by threshold', () => {
    const found = of('ttft_ms:med<200', 'error_rate{model:slow}<50%');
    expect(found.map(({ model, metric, verdict }) => [model, metric, verdict])).toEqual([
      ['fast', 'ttft_ms:p(50)', 'pass'],
      ['slow', 'ttft_ms:p(50)', 'pass'],
      ['slow', 'error_rate', 'pass'],
    ]);
    expect(
      countLimits(['ttft_ms:med<200', 'error_rate{model:slow}<50%'].map(limit), evidence),
    ).toBe(3);
  });

  test('one that was not sent, where it is named', () => {
    expect(of('ttft_ms{model:Shut}:med<200')).toMatchObject([
      {
        model: 'shut',
        verdict: 'inconclusive',
        why: 'nothing was sent to Shut: the key is not subscribed to it (HTTP 401)',
      },
    ]);
  });

  test('none: what there is', () => {
    const found = of('ttft_ms{suite:chat,model:none}:med<200');
    expect(found).toMatchObject([
      {
        target: 'any',
        model: 'none',
        suite: 'chat',
        verdict: 'inconclusive',
        why: "'ttft_ms{suite:chat,model:none}:med<200' means no row of this run of which anything was sent",
        next: 'name what there is: model fast, slow, Shut; suite reasoning; target market',
      },
    ]);
    expect(countLimits([limit('error_rate{suite:chat}<1')], evidence)).toBe(1);
    expect(namesNothing(limit('error_rate<1'), [])).toMatchObject({ next: 'send something' });
  });
});

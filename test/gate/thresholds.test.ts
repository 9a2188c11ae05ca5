import { describe, expect, test } from 'vitest';
import type { Observed } from '../../src/gate/observed.ts';
import { judgeEstimate, type Operator, parseThreshold } from '../../src/gate/thresholds.ts';

const quantile = (metric: Extract<Observed, { kind: 'quantile' }>['metric'], p: number) =>
  ({ kind: 'quantile', metric, p }) satisfies Observed;
const errorRate: Observed = { kind: 'share', name: 'error_rate' };

describe('a threshold is read', () => {
  test.each<[string, Observed, Operator, number]>([
    ['ttft_ms:p(95)<800', quantile('ttft_ms', 0.95), '<', 800],
    ['error_rate<0.01', errorRate, '<', 0.01],
    ['e2e_ms:p(50)<=2000', quantile('e2e_ms', 0.5), '<=', 2000],
    ['e2e_ms:p(99.9)<2e3', quantile('e2e_ms', 0.999), '<', 2000],
    ['tpot_ms : med >= 5e1', quantile('tpot_ms', 0.5), '>=', 50],
    ['itl_ms:p(97.5)<40', quantile('itl_ms_p50', 0.975), '<', 40],
    ['thinking_ms:p(5)>1', quantile('thinking_ms', 0.05), '>', 1],
    ['decode_tokens_per_second:med>20', quantile('decode_tokens_per_second', 0.5), '>', 20],
    ['cost_usd<1', { kind: 'cost' }, '<', 1],
    ['requests_per_second>=4', { kind: 'rate', name: 'requests_per_second' }, '>=', 4],
    ['ttft_ms:p(95)<800ms', quantile('ttft_ms', 0.95), '<', 800],
    ['ttft_ms:p(95) < 1.5s', quantile('ttft_ms', 0.95), '<', 1500],
    ['e2e_ms:med<1m30s', quantile('e2e_ms', 0.5), '<', 90_000],
    ['itl_ms:med<0.04s', quantile('itl_ms_p50', 0.5), '<', 40],
    ['error_rate<1%', errorRate, '<', 0.01],
    ['goodput_share >= 99.9 %', { kind: 'share', name: 'goodput_share' }, '>=', 0.999],
    ['cost_usd<$0.50', { kind: 'cost' }, '<', 0.5],
  ])('%s', (text, observed, operator, limit) => {
    expect(parseThreshold(` ${text} `)).toEqual({ text, observed, operator, limit, scope: {} });
  });

  test.each([
    ['ttft_ms{model:DeepSeek-R1,suite:chat}:p(99)<800', { model: 'DeepSeek-R1', suite: 'chat' }],
    ['error_rate{ model: org/a:b,c , target: eu }<0.5', { model: 'org/a:b,c', target: 'eu' }],
  ])('with its rows: %s', (text, scope) => {
    expect(parseThreshold(text)).toMatchObject({ text, scope });
  });
});

describe('a mistake is named, with its remedy', () => {
  test.each([
    ['ttft:p(95)<800', "unknown metric 'ttft'", 'known are ttft_ms, '],
    ['tft_ms:p(95)<800', "unknown metric 'tft_ms'", 'did you mean ttft_ms?'],
    ['ttft_ms_p95<800', "unknown metric 'ttft_ms_p95'", "write it as 'ttft_ms:p(95)'"],
    ['eror_rate<1', "unknown metric 'eror_rate'", 'did you mean error_rate?'],
    ['constructor<1', "unknown metric 'constructor'", 'known are ttft_ms'],
    ['ttft_ms<800', 'ttft_ms needs a quantile', 'use ttft_ms:med, ttft_ms:p(95) or any other'],
    ['ttft_ms:avg<800', 'its avg: one stuck request moves a mean', 'use ttft_ms:med'],
    ['ttft_ms:max<800', 'its max: the slowest of all requests grows', 'use ttft_ms:med'],
    ['ttft_ms:min<800', 'its min: the fastest', 'use ttft_ms:med'],
    ['ttft_ms:p(100)<800', 'its max: the slowest of all requests grows', 'use ttft_ms:med'],
    ['ttft_ms:p(0)<800', 'its min: the fastest', 'use ttft_ms:med'],
    ['ttft_ms:p(950)<800', 'ttft_ms has no p(950)', 'use ttft_ms:med'],
    ['ttft_ms:p(9.5.1)<800', 'ttft_ms has no p(9.5.1)', 'use ttft_ms:med'],
    ['ttft_ms:p<800', 'ttft_ms has no p', 'use ttft_ms:med'],
    ['ttft_ms:med(50)<800', 'ttft_ms has no med(50)', 'use ttft_ms:med'],
    ['ttft_ms:p95<800', 'ttft_ms has no p95', 'use ttft_ms:med, ttft_ms:p(95)'],
    ['error_rate:p(50)<1', 'error_rate has no quantiles', "leave out ':p'"],
    ['ttft_ms:p(95)<800x', "the limit '800x' of", 'write 800, which are milliseconds, 800ms or'],
    ['ttft_ms:p(95)<-1', "the limit '-1' of 'ttft_ms:p(95)<-1' is not a time", 'write 800'],
    ['ttft_ms:p(95)<1%', "the limit '1%' of 'ttft_ms:p(95)<1%' is not a time", 'write 800'],
    ['error_rate<5', "the limit '5' of 'error_rate<5' is not a share", 'write 0.01 or 1%'],
    ['error_rate<1s', "the limit '1s' of 'error_rate<1s' is not a share", 'write 0.01 or 1%'],
    ['cost_usd<1EUR', "'1EUR' of 'cost_usd<1EUR' is not an amount in US dollars", '$0.5'],
    ['requests_per_second>5/s', "the limit '5/s' of", 'write 20'],
    ['ttft_ms:p(95)=800', "'ttft_ms:p(95)=800' is not a threshold", "write it as 'ttft_ms:p(95)"],
    ['ttft_ms:p(95)<>800', "'ttft_ms:p(95)<>800' is not a threshold", "write it as 'ttft_ms:p(95)"],
    ['', "'' is not a threshold", 'write it as'],
    ['cost_usd{modl:x}<1', "'modl:x' names no rows", 'use model:NAME'],
    ['cost_usd{}<1', "'' names no rows", 'use model:NAME'],
  ])('%s', (text, problem, remedy) => {
    const found = parseThreshold(text);
    expect(found).toHaveProperty('problem', expect.stringContaining(problem));
    expect(found).toHaveProperty('remedy', expect.stringContaining(remedy));
  });
});

describe('an estimate is judged', () => {
  const estimate = { value: 100, low: null, high: null, n: 50 };

  test.each<[Operator, number, string, string]>([
    // Of the figure 100, then of a figure that is at least 100.
    ['<', 101, 'pass', 'inconclusive'],
    ['<', 100, 'fail', 'fail'],
    ['<=', 100, 'pass', 'inconclusive'],
    ['<=', 99, 'fail', 'fail'],
    ['>', 100, 'fail', 'inconclusive'],
    ['>', 99, 'pass', 'pass'],
    ['>=', 100, 'pass', 'pass'],
    ['>=', 101, 'fail', 'inconclusive'],
  ])('100 %s %i', (operator, limit, exact, atLeast) => {
    const threshold = { operator, limit };
    expect(judgeEstimate(estimate, threshold)).toBe(exact);
    expect(judgeEstimate({ ...estimate, at_least: true }, threshold)).toBe(atLeast);
  });

  test('n/a decides nothing', () => {
    for (const operator of ['<', '<=', '>', '>='] as const) {
      expect(judgeEstimate({ ...estimate, value: null }, { operator, limit: 1 })).toBe(
        'inconclusive',
      );
    }
  });
});

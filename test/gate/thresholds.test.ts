import { describe, expect, test } from 'vitest';
import {
  judgeEstimate,
  type Operator,
  parseThreshold,
  type Threshold,
} from '../../src/gate/thresholds.ts';

describe('a threshold is read', () => {
  test.each<[string, Omit<Threshold, 'text'>]>([
    ['ttft_ms:p(95)<800', { observed: 'ttft_ms_p95', operator: '<', limit: 800, scope: {} }],
    ['error_rate<0.01', { observed: 'error_rate', operator: '<', limit: 0.01, scope: {} }],
    ['e2e_ms:p(50)<=2000', { observed: 'e2e_ms_p50', operator: '<=', limit: 2000, scope: {} }],
    [
      'decode_tokens_per_second:p(50)>20',
      { observed: 'decode_tokens_per_second_p50', operator: '>', limit: 20, scope: {} },
    ],
    ['cost_usd<1', { observed: 'cost_usd', operator: '<', limit: 1, scope: {} }],
    ['tpot_ms : med >= 5e1', { observed: 'tpot_ms_p50', operator: '>=', limit: 50, scope: {} }],
    [
      'ttft_ms{model:DeepSeek-R1,suite:chat}:p(99)<800',
      {
        observed: 'ttft_ms_p99',
        operator: '<',
        limit: 800,
        scope: { model: 'DeepSeek-R1', suite: 'chat' },
      },
    ],
    [
      'error_rate{ model: org/a:b,c , target: eu }<0.5',
      {
        observed: 'error_rate',
        operator: '<',
        limit: 0.5,
        scope: { model: 'org/a:b,c', target: 'eu' },
      },
    ],
  ])('%s', (text, expected) => {
    expect(parseThreshold(` ${text} `)).toEqual({ text, ...expected });
  });
});

describe('a mistake is named, with its remedy', () => {
  test.each([
    ['ttft:p(95)<800', "unknown metric 'ttft'", 'known are ttft_ms, '],
    ['tft_ms:p(95)<800', "unknown metric 'tft_ms'", 'did you mean ttft_ms?'],
    ['eror_rate<1', "unknown metric 'eror_rate'", 'did you mean error_rate?'],
    ['ttft_ms<800', 'ttft_ms needs a quantile', 'use ttft_ms:p(50), ttft_ms:p(90)'],
    ['ttft_ms:p(97)<800', 'ttft_ms is not kept as p(97)', 'use ttft_ms:p(50)'],
    ['ttft_ms:avg<800', 'ttft_ms is not kept as avg', 'use ttft_ms:p(50)'],
    ['tpot_ms:p(99)<8', 'tpot_ms is not kept as p(99)', 'use tpot_ms:p(50), tpot_ms:p(95)'],
    ['error_rate:p(50)<1', 'error_rate has no quantiles', "write it as 'error_rate<…'"],
    ['ttft_ms:p(95)<800ms', "the limit '800ms'", 'give a plain number'],
    ['ttft_ms:p(95)=800', "'ttft_ms:p(95)=800' is not a threshold", "write it as 'ttft_ms:p(95)"],
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
    expect(judgeEstimate(estimate, operator, limit)).toBe(exact);
    expect(judgeEstimate({ ...estimate, at_least: true }, operator, limit)).toBe(atLeast);
  });

  test('n/a decides nothing', () => {
    for (const operator of ['<', '<=', '>', '>='] as const) {
      expect(judgeEstimate({ ...estimate, value: null }, operator, 1)).toBe('inconclusive');
    }
  });
});

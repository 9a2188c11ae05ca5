import { expect, test } from 'vitest';
import { estimateNameOf, type GatedMetric, parseGatedMetric } from '../../src/gate/metric.ts';
import { DEFAULT_METRICS } from '../../src/gate/settings.ts';

test.each<[string, Omit<Extract<GatedMetric, { kind: 'quantile' }>, 'kind'>]>([
  ['ttft_ms', { text: 'ttft_ms:p(50)', metric: 'ttft_ms', p: 0.5, better: 'lower' }],
  ['ttft_ms:p(95)', { text: 'ttft_ms:p(95)', metric: 'ttft_ms', p: 0.95, better: 'lower' }],
  ['e2e_ms : p( 97.50 )', { text: 'e2e_ms:p(97.5)', metric: 'e2e_ms', p: 0.975, better: 'lower' }],
  ['itl_ms:med', { text: 'itl_ms:p(50)', metric: 'itl_ms_p50', p: 0.5, better: 'lower' }],
  [
    'decode_tokens_per_second',
    {
      text: 'decode_tokens_per_second:p(50)',
      metric: 'decode_tokens_per_second',
      p: 0.5,
      better: 'higher',
    },
  ],
])('%s', (text, expected) => {
  expect(parseGatedMetric(` ${text} `)).toEqual({ kind: 'quantile', ...expected });
});

test('the defaults are what their own text says', () => {
  for (const metric of DEFAULT_METRICS) expect(parseGatedMetric(metric.text)).toEqual(metric);
});

test.each([
  ['tft_ms', "unknown metric 'tft_ms'", 'did you mean ttft_ms?'],
  ['ttft_ms:max', 'ttft_ms is not judged by its max', 'use ttft_ms:med'],
  ['ttft_ms:p(95)<800', "'ttft_ms:p(95)<800' is not a metric", "'ttft_ms:p(95)'"],
  ['error_rate:med', 'error_rate has no quantiles', "leave out ':med'"],
  ['cost_usd', 'cost_usd is one figure of a whole run', "--threshold 'cost_usd<…'"],
  ['goodput_share', 'goodput_share is one figure of', "--threshold 'goodput_share>…'"],
  ['', "'' is not a metric", "write it as 'ttft_ms'"],
])('%s: what is wrong, and the remedy', (text, problem, remedy) => {
  const found = parseGatedMetric(text);
  expect(found).toHaveProperty('problem', expect.stringContaining(problem));
  expect(found).toHaveProperty('remedy', expect.stringContaining(remedy));
});

test('a row holds the usual quantiles only', () => {
  const nameOf = (text: string) => estimateNameOf(parseGatedMetric(text) as GatedMetric);
  expect(nameOf('ttft_ms:p(95)')).toBe('ttft_ms_p95');
  expect(nameOf('itl_ms')).toBe('itl_ms_p50');
  expect(nameOf('error_rate')).toBe('error_rate');
  expect(nameOf('ttft_ms:p(97.5)')).toBeNull();
});

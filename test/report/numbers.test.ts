import { expect, test } from 'vitest';
import {
  counted,
  formatCount,
  formatEstimate,
  formatFigure,
  formatInterval,
  formatOptional,
  formatPercent,
  formatShareInterval,
  formatUnitUsd,
  formatUsd,
} from '../../src/report/numbers.ts';

test.each([
  [0, '0'],
  [0.00012, '1.2e-4'],
  [0.1234, '0.123'],
  [4.561, '4.56'],
  [78.94, '78.9'],
  [99.94, '99.9'],
  [99.96, '100'],
  [999.6, '1,000'],
  [1234.4, '1,234'],
  [600_000, '600,000'],
  [-12.34, '-12.3'],
  [-1234.4, '-1,234'],
])('figure %f is %s', (value, expected) => {
  expect(formatFigure(value)).toBe(expected);
});

test.each([
  [0, '0'],
  [0.0004, '<0.1'],
  [0.0104, '1.0'],
  [0.5, '50.0'],
  [0.9996, '>99.9'],
  [1, '100'],
])('share %f is %s %%', (share, expected) => {
  expect(formatPercent(share)).toBe(expected);
});

test.each([
  [0, '$0'],
  [0.00001, '<$0.0001'],
  [0.0123, '$0.012'],
  [0.4, '$0.40'],
  [0.998, '$1.00'],
  [12345.678, '$12,345.68'],
])('%f dollars are %s', (value, expected) => {
  expect(formatUsd(value)).toBe(expected);
});

test('counts have commas and their noun', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(counted(1, 'reply', 'replies')).toBe('1 reply');
  expect(counted(1200, 'request')).toBe('1,200 requests');
});

test('an estimate says where it is a bound, and where there is none', () => {
  const estimate = { value: 1234, low: null, high: null, n: 9 };
  expect(formatEstimate(estimate, formatFigure)).toBe('1,234');
  expect(formatEstimate({ ...estimate, at_least: true }, formatFigure)).toBe('≥1,234');
  expect(formatEstimate({ ...estimate, value: null }, formatFigure)).toBe('n/a');
  expect(formatOptional(null, formatUsd)).toBe('n/a');
  expect(formatOptional(0, formatUsd)).toBe('$0');
});

test.each([
  ['the farther end, in percent', 100, 96, 111, '±11%'],
  ['rounded up', 100, 96, 110.2, '±11%'],
  ['but not for a last bit', 0.3, 0.2, 0.3, '±34%'],
  ['below 1 to a tenth', 1000, 998.4, 1001, '±0.2%'],
  ['none at all', 7, 7, 7, '±0%'],
  ['more than the figure itself', 2, 1, 40, '±1,900%'],
  ['open above', 1234, 1100, null, '≥1,100'],
  ['too few samples', 1234, null, null, '±n/a'],
  ['no figure', null, null, null, ''],
  ['of 0, for which there is no percent', 0, 0, 3, '0–3.00'],
])('an interval: %s', (_, value, low, high, expected) => {
  expect(formatInterval({ value, low, high, n: 50 }, formatFigure)).toBe(expected);
});

test.each([
  [0, 0, 0.0385, '0–4'],
  [0.0729, 0.0358, 0.143, '3–15'],
  [1, 0.9615, 1, '96–100'],
  [0.5, null, null, '±n/a'],
  [null, null, null, ''],
])('of a share, its ends in whole percent: %s', (value, low, high, expected) => {
  expect(formatShareInterval({ value, low, high, n: 96 })).toBe(expected);
});

test.each([
  [0, '$0'],
  [0.0000163, '$0.000016'],
  [0.00048, '$0.00048'],
  [0.002, '$0.002'],
  [0.0123, '$0.012'],
  [1.5, '$1.50'],
])('%f a request is %s', (value, expected) => {
  expect(formatUnitUsd(value)).toBe(expected);
});

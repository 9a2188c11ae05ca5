import { expect, test } from 'vitest';
import {
  counted,
  formatCount,
  formatEstimate,
  formatFigure,
  formatOptional,
  formatPercent,
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

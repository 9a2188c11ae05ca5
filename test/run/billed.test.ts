import { expect, test } from 'vitest';
import { billedUsd } from '../../src/run/billed.ts';

test.each([
  ['what is counted', { cost_usd: 0.5, http_status: 200 }, 0.5],
  ['what broke off, at most', { cost_usd: null, http_status: 200 }, 2],
  ['nothing for a refusal', { cost_usd: null, http_status: 429 }, 0],
  ['nothing where nobody answered', { cost_usd: null, http_status: null }, 0],
])('%s', (_, record, expected) => {
  expect(billedUsd(record, { costUpperUsd: 2 })).toBe(expected);
});

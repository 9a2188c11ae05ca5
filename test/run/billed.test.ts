import { expect, test } from 'vitest';
import { billedTokens, billedUsd } from '../../src/run/billed.ts';

test.each([
  ['what is counted', { cost_usd: 0.5, http_status: 200 }, 0.5],
  ['what broke off, at most', { cost_usd: null, http_status: 200 }, 2],
  ['nothing for a refusal', { cost_usd: null, http_status: 429 }, 0],
  ['nothing where nobody answered', { cost_usd: null, http_status: null }, 0],
])('%s', (_, record, expected) => {
  expect(billedUsd(record, { costUpperUsd: 2 })).toBe(expected);
});

test.each([
  ['what is known', { output_tokens: 10 }, 10],
  ['nothing where it is not', {}, 0],
  ['the upper estimate of what was cut', { flags: ['cut'] }, 50],
  ['at least what came of it', { flags: ['cut'], token_chunks: 70 }, 70],
])('tokens: %s', (_, known, expected) => {
  const record = { output_tokens: null, token_chunks: 20, flags: [], ...known };
  expect(billedTokens(record, { outputTokensUpper: 50 })).toBe(expected);
});

import { expect, test } from 'vitest';
import { parseChange } from '../../src/config/change.ts';

test.each([
  ['5%', 0.05],
  ['12.5 %', 0.125],
  ['150%', 1.5],
  ['0.05', 0.05],
  ['.5', 0.5],
  [0.1, 0.1],
  ['5', undefined],
  [1, undefined],
  ['0%', undefined],
  ['-5%', undefined],
  ['20000%', undefined],
  ['much', undefined],
  ['', undefined],
])('%s', (value, share) => {
  expect(parseChange(value)).toBe(share);
});

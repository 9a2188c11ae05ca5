import { expect, test } from 'vitest';
import { differenceInterval } from '../../src/stats/square-and-add.ts';
import { wilsonInterval } from '../../src/stats/wilson.ts';

const share = (hits: number, n: number) => ({ value: hits / n, ...wilsonInterval(hits / n, n) });

// Newcombe (1998), Statistics in Medicine 17, 873–890, table II: the hybrid score intervals.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [10, 10, 0, 10, 0.6075, 1],
])('%i of %i less %i of %i', (a, m, b, n, low, high) => {
  const interval = differenceInterval(share(b, n), share(a, m));
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('an open end stays open', () => {
  const known = { value: 1, low: 0.9, high: 1.1 };
  const open = { value: 2, low: 1.8, high: Infinity };
  expect(differenceInterval(known, open).high).toBe(Infinity);
  expect(differenceInterval(open, known).low).toBe(-Infinity);
  expect(differenceInterval(open, known).high).toBeCloseTo(-1 + Math.hypot(0.1, 0.2), 12);
});

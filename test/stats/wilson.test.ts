import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilsonInterval } from '../../src/stats/wilson.ts';

// statsmodels 0.15.0: proportion_confint(count, n, method='wilson')
test.each([
  [0, 96, 0, 0.0384755878576757],
  [7, 96, 0.03576758131036273, 0.14293031665140193],
  [1, 10, 0.017876213095072924, 0.40415002679523854],
  [50, 100, 0.4038315303659956, 0.5961684696340044],
  [10, 10, 0.7224672001371106, 1],
  [3, 1_000_000, 1.0202712409681232e-6, 8.821149774312438e-6],
])('%i of %i: from %f to %f', (count, n, low, high) => {
  const interval = wilsonInterval(count / n, n);
  expect(interval.low).toBeCloseTo(low, 12);
  expect(interval.high).toBeCloseTo(high, 12);
});

test('lies in [0, 1] around the share, and widens as trials are worth less', () => {
  const trials = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(trials, fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
      const share = Math.round(part * n) / n;
      const { low, high } = wilsonInterval(share, n);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
      expect(high).toBeLessThanOrEqual(1);
      const wider = wilsonInterval(share, n / 2);
      expect(wider.high - wider.low).toBeGreaterThan(high - low);
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { predictionPower, predictionReach } from '../../src/stats/prediction-bound.ts';

/** SciPy 1.16: t.ppf(p, m − 1)·sd·√(1 + 1/m), and nct.sf of it at change / (sd·√(1 + 1/m)). */
const SCIPY: [number, number, number, number, number, number][] = [
  [10, 0.02, 0.01, Math.log(1.1), 0.059182981206598026, 0.9327331570820183],
  [10, 0.02, 0.01 / 24, Math.log(1.1), 0.10304243177975947, 0.44570020273557437],
  [20, 0.03, 0.01 / 8, Math.log(1.15), 0.10701354402211637, 0.8337206811448566],
  [3, 0.02, 0.01, 0.1, 0.1608395482129947, 0.32392596378264926],
  [2, 0.02, 0.01, 0.5, 0.7794402743883773, 0.47858739424304764],
  [50, 0.05, 0.01 / 24, Math.log(1.2), 0.17982487762266525, 0.5256134768871132],
];

describe('of m figures', () => {
  test.each(SCIPY)('%i of sd %f, at %f: %f above', (m, sd, alpha, change, reach, power) => {
    const spread = { sd, df: m - 1, count: m };
    expect(predictionReach(spread, 1 - alpha)).toBeCloseTo(reach, 10);
    expect(predictionPower(spread, 1 - alpha, change)).toBeCloseTo(power, 4);
  });

  test('equal figures leave no room, and any change is seen', () => {
    const spread = { sd: 0, df: 9, count: 10 };
    expect(predictionReach(spread, 0.99)).toBe(0);
    expect(predictionPower(spread, 0.99, 0.01)).toBe(1);
    expect(predictionPower(spread, 0.99, 0)).toBe(0);
  });

  test('fewer samples of the next figure reach farther, as √(w + 1/m)', () => {
    const spread = { sd: 0.02, df: 11, count: 12 };
    const ratio = predictionReach(spread, 0.99, 4) / predictionReach(spread, 0.99);
    expect(ratio).toBeCloseTo(Math.sqrt((4 + 1 / 12) / (1 + 1 / 12)), 12);
  });

  test('power is α without a change, and grows with it', () => {
    const spreads = fc.record({
      sd: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
      df: fc.integer({ min: 1, max: 60 }),
      count: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(spreads, (spread) => {
        expect(predictionPower(spread, 0.99, 0)).toBeCloseTo(0.01, 3);
        const [less, more] = [1, 2].map((times) => predictionPower(spread, 0.99, times * 0.05));
        expect(less as number).toBeGreaterThanOrEqual(0.0099);
        expect(more as number).toBeGreaterThanOrEqual((less as number) - 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

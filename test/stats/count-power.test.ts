import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { binomialAtLeast, binomialPower } from '../../src/stats/binomial-power.ts';
import { mcnemarP } from '../../src/stats/mcnemar.ts';
import { mcnemarPower } from '../../src/stats/mcnemar-power.ts';

/** P(Bin(n, p) = k), by the recursion. */
function binomial(n: number, p: number): number[] {
  let probabilities = [1];
  for (let trial = 0; trial < n; trial++) {
    probabilities = Array.from(
      { length: trial + 2 },
      (_, k) => (probabilities[k] ?? 0) * (1 - p) + (probabilities[k - 1] ?? 0) * p,
    );
  }
  return probabilities;
}

test('binomial tails are sums of their terms', () => {
  const terms = binomial(17, 0.3);
  for (let k = 0; k <= 18; k++) {
    const sum = terms.slice(k).reduce((a, b) => a + b, 0);
    expect(binomialAtLeast(17, 0.3, k)).toBeCloseTo(sum, 12);
  }
});

describe('of a share against a limit', () => {
  // ln 0.01 / ln 0.99 = 458.2: with 459 samples none of which is beyond, p99 is below the limit.
  test('at 99 %, none beyond: 459 samples are the first that decide', () => {
    expect(binomialPower(0, 0.01, 458, 0.01, 'below')).toBe(0);
    expect(binomialPower(0, 0.01, 459, 0.01, 'below')).toBe(1);
  });

  test.each([
    [0.02, 0.05, 'below'],
    [0.1, 0.05, 'above'],
    [0.6, 0.5, 'above'],
  ] as const)('is the sum over what rejects: %f against %f', (share, limit, side) => {
    const n = 120;
    const alpha = 0.01;
    const [under, truth] = [binomial(n, limit), binomial(n, share)];
    const tail = (k: number) =>
      (side === 'above' ? under.slice(k) : under.slice(0, k + 1)).reduce((a, b) => a + b, 0);
    const power = truth.reduce((sum, chance, k) => (tail(k) <= alpha ? sum + chance : sum), 0);
    expect(binomialPower(share, limit, n, alpha, side)).toBeCloseTo(power, 10);
  });
});

describe('of McNemar’s test', () => {
  test('is the sum over what rejects', () => {
    const [first, second, n, alpha] = [0.12, 0.03, 40, 0.01];
    let power = 0;
    for (const [differing, chance] of binomial(n, first + second).entries()) {
      for (const [hits, share] of binomial(differing, first / (first + second)).entries()) {
        if (mcnemarP(hits, differing - hits) <= alpha) power += chance * share;
      }
    }
    expect(mcnemarPower(first, second, n, alpha)).toBeCloseTo(power, 6);
  });

  test('nothing differs: nothing is found', () => {
    expect(mcnemarPower(0, 0, 1000, 0.01)).toBe(0);
  });

  test.each([
    [0.1, 0.05, 600],
    [0.06, 0.02, 1500],
  ])('many pairs are as the test shows: %f and %f of %i', (first, second, n) => {
    const random = createRandom('mcnemar');
    let hits = 0;
    for (let time = 0; time < 1500; time++) {
      const counts = [0, 0];
      for (let pair = 0; pair < n; pair++) {
        const draw = random.next();
        if (draw < first) counts[0] = (counts[0] ?? 0) + 1;
        else if (draw < first + second) counts[1] = (counts[1] ?? 0) + 1;
      }
      if (mcnemarP(counts[0] ?? 0, counts[1] ?? 0) <= 0.001) hits++;
    }
    expect(Math.abs(mcnemarPower(first, second, n, 0.001) - hits / 1500)).toBeLessThan(0.04);
  });
});

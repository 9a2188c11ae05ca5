import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { effectiveScores } from '../../src/stats/effective-scores.ts';
import { mcnemarP } from '../../src/stats/mcnemar.ts';
import { pairedScoreInterval } from '../../src/stats/paired-score-interval.ts';
import { caseMeans, lossHigh, lossLow, scoreDifferences } from '../../src/stats/paired-scores.ts';
import { differenceHigh, differenceLow } from '../../src/stats/score-difference.ts';

const wholes = (lost: number, gained: number, alike: number) =>
  Float64Array.from([...Array(lost).fill(1), ...Array(gained).fill(-1), ...Array(alike).fill(0)]);
const counts = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(200));

describe('differences of right and wrong', () => {
  test('are McNemar’s counts', () => {
    const found = scoreDifferences(wholes(12, 3, 85));
    expect(found).toEqual({ lost: 12, gained: 3, count: 100, size: 1 });
  });

  test('have a bound above 0 just where the exact test rejects', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.01, 0.0033, 0.0005), ([lost, gained, alike], level) => {
        fc.pre(lost + gained + alike > 0);
        const low = lossLow(scoreDifferences(wholes(lost, gained, alike)), level);
        const tango = differenceLow(
          { firstOnly: lost, secondOnly: gained, pairs: lost + gained + alike },
          level,
        );
        expect(low > 0).toBe(mcnemarP(lost, gained) < level && tango > 0);
      }),
    );
  });

  test('lie between their bounds', () => {
    fc.assert(
      fc.property(counts, ([lost, gained, alike]) => {
        const count = lost + gained + alike;
        fc.pre(count > 0);
        const found = scoreDifferences(wholes(lost, gained, alike));
        const estimate = (lost - gained) / count;
        expect(lossLow(found, 0.01)).toBeLessThanOrEqual(estimate + 1e-9);
        expect(lossHigh(found, 0.01)).toBeGreaterThanOrEqual(estimate - 1e-9);
      }),
    );
  });

  test('of nothing say nothing', () => {
    const none = scoreDifferences(new Float64Array(0));
    expect([lossLow(none, 0.01), lossHigh(none, 0.01)]).toEqual([-1, 1]);
  });
});

describe('differences that are no whole ones', () => {
  test('of one size are signs: as sure of a loss as whole ones, which are larger', () => {
    const halves = wholes(14, 2, 0).map((one) => one / 2);
    const [small, whole] = [halves, wholes(14, 2, 0)].map(scoreDifferences) as [
      ReturnType<typeof scoreDifferences>,
      ReturnType<typeof scoreDifferences>,
    ];
    expect(small.size).toBe(0.5);
    for (const level of [0.01, 0.002, 0.001]) {
      expect(lossLow(small, level) > 0).toBe(lossLow(whole, level) > 0);
    }
  });

  test('leave as much room above as whole ones of the same mean would', () => {
    const tenths = Float64Array.from(Array(100).fill(0.1));
    const whole = differenceHigh({ firstOnly: 10, secondOnly: 0, pairs: 100 }, 0.01);
    expect(lossHigh(scoreDifferences(tenths), 0.01)).toBeCloseTo(whole, 12);
  });

  /** Of all 2ⁿ ways the coins may fall, the share that gives as large a sum: exact. */
  function signFlipP(sizes: readonly number[], sum: number): number {
    let hits = 0;
    for (let coins = 0; coins < 2 ** sizes.length; coins++) {
      const drawn = sizes.reduce((all, one, i) => all + (coins & (1 << i) ? one : -one), 0);
      if (drawn >= sum - 1e-9) hits++;
    }
    return hits / 2 ** sizes.length;
  }

  test('are found to be a loss no more often than coins decide', () => {
    const random = createRandom('sizes');
    for (let at = 0; at < 40; at++) {
      const sizes = Array.from({ length: 12 }, () => random.pick([0.25, 0.5, 0.75, 1]));
      const level = 0.01;
      let rejected = 0;
      for (let coins = 0; coins < 2 ** sizes.length; coins++) {
        const signed = Float64Array.from(sizes, (one, i) => (coins & (1 << i) ? one : -one));
        if (lossLow(scoreDifferences(signed), level) > 0) rejected++;
      }
      expect(rejected / 2 ** sizes.length).toBeLessThanOrEqual(level);
    }
    // And the test is no idle one: of all signs alike, the exact p is 1 in 4,096.
    expect(signFlipP([0.5, 1, 0.25], 1.75)).toBe(1 / 8);
    const all = scoreDifferences(Float64Array.from(Array(12).fill(0.5)));
    expect(lossLow(all, 0.01)).toBeGreaterThan(0);
  }, 30_000);
});

test('a case counts once, by the mean of its passes', () => {
  const means = caseMeans(Float64Array.of(1, 0, 1, -1, 1, 1), Uint32Array.of(7, 2, 7, 2, 7, 7));
  expect([...means]).toEqual([1, -0.5]);
});

describe('the interval of a comparison', () => {
  test('is Tango’s where each pair has a case of its own', () => {
    const differences = wholes(12, 3, 85);
    const paired = { firstOnly: 12, secondOnly: 3, pairs: 100 };
    expect(pairedScoreInterval(differences, null)).toEqual({
      low: differenceLow(paired, 0.025),
      high: differenceHigh(paired, 0.025),
    });
  });

  test('is wider where the passes over a case differ alike', () => {
    const once = wholes(10, 2, 38);
    const four = Float64Array.from([...once].flatMap((one) => [one, one, one, one]));
    const clusters = Uint32Array.from(four, (_, index) => Math.floor(index / 4));
    const [alone, together] = [
      pairedScoreInterval(four, null),
      pairedScoreInterval(four, clusters),
    ];
    const width = (of: typeof alone) => (of?.high ?? 0) - (of?.low ?? 0);
    expect(width(together)).toBeGreaterThan(1.5 * width(alone));
  });

  test('is none of fewer than 20', () => {
    expect(pairedScoreInterval(wholes(5, 1, 13), null)).toBeUndefined();
  });
});

describe('how many answers a mean is worth', () => {
  test('all of them where each is of a case of its own, partial or not', () => {
    expect(effectiveScores(Float64Array.of(1, 0, 0.5, 1), null, 0.01)).toBe(4);
  });

  test('as many as there are cases where the passes over each agree', () => {
    const scores = Float64Array.from({ length: 400 }, (_, i) => Number(Math.floor(i / 10) % 4 > 0));
    const clusters = Uint32Array.from(scores, (_, i) => Math.floor(i / 10));
    const worth = effectiveScores(scores, clusters, 0.01);
    expect(worth).toBeGreaterThan(30);
    expect(worth).toBeLessThan(40);
  });

  test('one for each case where all are right, and none of a single case', () => {
    const right = new Float64Array(60).fill(1);
    const ofSix = Uint32Array.from(right, (_, i) => i % 6);
    expect(effectiveScores(right, ofSix, 0.01)).toBe(6);
    expect(effectiveScores(right, new Uint32Array(60), 0.01)).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { RateNoise } from '../../../src/gate/power/rate-noise.ts';
import { ShiftNoise } from '../../../src/gate/power/shift-noise.ts';
import { TailNoise } from '../../../src/gate/power/tail-noise.ts';
import { createRandom } from '../../../src/random.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';
import { SwapPermutation } from '../../../src/stats/swap-permutation.ts';

const RULE = {
  alpha: 0.01 / 3,
  least: Math.log(1.05),
  pass: { alpha: 0.01 / 3, below: Math.log(1.1) },
  earlier: [],
};

function shiftNoise(pairs: number, sd: number, seed = 'noise'): ShiftNoise {
  const random = createRandom(`${seed}/${pairs}`);
  return new ShiftNoise(
    Float64Array.from({ length: pairs }, () => sd * random.normal()),
    random,
  );
}

describe('of a median', () => {
  test('the scale of normal differences is their standard deviation', () => {
    const sd = 0.25 * Math.SQRT2;
    const exact = Float64Array.from(
      { length: 2000 },
      (_, i) => sd * normalQuantile((i + 0.5) / 2000),
    );
    expect(new ShiftNoise(exact, createRandom('a')).scale).toBeCloseTo(sd, 2);
  });

  test('30 pairs know it to about ±25 %, 400 to about ±7 %', () => {
    const errors = (pairs: number) =>
      Array.from({ length: 20 }, (_, seed) => shiftNoise(pairs, 0.35, String(seed)).scales.hardest);
    const mean = (all: number[]) => all.reduce((sum, one) => sum + one, 0) / all.length - 1;
    expect(mean(errors(30))).toBeGreaterThan(0.22);
    expect(mean(errors(30))).toBeLessThan(0.4);
    expect(mean(errors(400))).toBeGreaterThan(0.05);
    expect(mean(errors(400))).toBeLessThan(0.1);
  });

  // (z₁₋ₐ + z₀.₉₅)²·(π/3)·sd²/ln² 1.1 = 274.2 for normal differences whose sd is known.
  test('well known, it needs what the asymptotics say', () => {
    const sd = 0.25 * Math.SQRT2;
    const exact = Float64Array.from(
      { length: 2000 },
      (_, i) => sd * normalQuantile((i + 0.5) / 2000),
    );
    const noise = new ShiftNoise(exact, createRandom('a'));
    const { value } = noise.pairsNeeded(Math.log(1.1), RULE, 0.95);
    expect(value).toBeGreaterThan(264);
    expect(value).toBeLessThan(292);
  });

  test('little known, it needs more, and the range says between what', () => {
    const [little, well] = [30, 3000].map((pairs) =>
      shiftNoise(pairs, 0.35).pairsNeeded(Math.log(1.1), RULE, 0.95),
    );
    for (const one of [little, well]) {
      expect(one?.low ?? 0).toBeLessThan(one?.value ?? 0);
      expect(one?.value ?? 0).toBeLessThanOrEqual(one?.high ?? 0);
    }
    const width = ({ low, high }: { low: number | null; high: number | null }) =>
      (high ?? 0) / (low ?? 1);
    expect(little && width(little)).toBeGreaterThan(2);
    expect(well && width(well)).toBeLessThan(1.3);
  });

  test('twice the noise takes four times the pairs; more certainty and more tests take more', () => {
    const needed = (sd: number, alpha: number, certainty: number) =>
      shiftNoise(300, sd).pairsNeeded(Math.log(1.1), { ...RULE, alpha }, certainty).value ?? 0;
    const base = needed(0.35, 0.003, 0.95);
    expect(needed(0.7, 0.003, 0.95) / base).toBeGreaterThan(3.5);
    expect(needed(0.7, 0.003, 0.95) / base).toBeLessThan(4.5);
    expect(needed(0.35, 0.0003, 0.95)).toBeGreaterThan(base);
    expect(needed(0.35, 0.003, 0.99)).toBeGreaterThan(base);
  });

  test('a change too small to fail is seen by no number of pairs', () => {
    const none = { value: null, low: null, high: null };
    expect(shiftNoise(50, 0.01).pairsNeeded(Math.log(1.04), RULE, 0.95)).toEqual(none);
  });

  test('what an earlier look passes is not caught any more', () => {
    const noise = shiftNoise(1000, 0.35);
    const needed = (change: number, earlier: number[]) =>
      noise.pairsNeeded(Math.log1p(change), { ...RULE, earlier }, 0.95).value ?? Infinity;
    const [at, half] = [needed(0.1, []), needed(0.1, [0.25, 0.5])];
    expect(half).toBeGreaterThan(at);
    expect(half).toBeLessThan(1.15 * at);
    // Halfway between what fails and what passes, early looks pass more of it.
    expect(needed(0.075, [0.25, 0.5])).toBeGreaterThan(1.3 * needed(0.075, []));
  });

  test('the smallest change of so many pairs is the one that needs as many', () => {
    const noise = shiftNoise(200, 0.35);
    const least = noise.smallestChange(400, RULE, 0.95) ?? 0;
    const { value } = noise.pairsNeeded(least, RULE, 0.95);
    expect(Math.abs((value ?? 0) - 400)).toBeLessThan(8);
  });

  test('differences that are all the same are no noise', () => {
    const noise = new ShiftNoise(new Float64Array(20), createRandom('a'));
    expect(noise.scale).toBe(0);
    expect(noise.pairsNeeded(Math.log(1.1), RULE, 0.95).value).toBeLessThan(20);
  });

  test('what is drawn spreads as what was seen', () => {
    const noise = shiftNoise(40, 0.35);
    const random = createRandom('draw');
    const drawn = Array.from({ length: 20_000 }, () => noise.draw(random));
    const sd = Math.sqrt(drawn.reduce((sum, one) => sum + one * one, 0) / drawn.length);
    const seen = createRandom('noise/40');
    const own = Array.from({ length: 40 }, () => 0.35 * seen.normal());
    expect(sd).toBeCloseTo(Math.sqrt(own.reduce((sum, one) => sum + one * one, 0) / 40), 2);
    expect(drawn.reduce((sum, one) => sum + one, 0) / drawn.length).toBeCloseTo(0, 1);
  });

  test('a few timeouts among the pairs make it larger, not broken', () => {
    const random = createRandom('timeouts');
    const calm = Float64Array.from({ length: 100 }, () => 0.2 * random.normal());
    const timedOut = calm.map((one, index) =>
      index < 8 ? (index % 2 ? Infinity : -Infinity) : one,
    );
    const needed = (differences: Float64Array) =>
      new ShiftNoise(differences, createRandom('a')).pairsNeeded(Math.log(1.1), RULE, 0.95).value ??
      0;
    expect(needed(timedOut)).toBeGreaterThan(needed(calm));
    expect(needed(timedOut)).toBeLessThan(3 * needed(calm));
  });
});

describe('of an error rate', () => {
  const rule = { ...RULE, alpha: 0.001, least: 0.01, pass: { alpha: 0.003, below: 0.1 } };

  test('the larger the change, the fewer pairs', () => {
    const noise = new RateNoise(2, 200);
    const needed = [0.02, 0.05, 0.1, 0.3].map(
      (one) => noise.pairsNeeded(one, rule, 0.95).value ?? 0,
    );
    expect(needed).toEqual([...needed].sort((a, b) => b - a));
  });

  test('no failure seen is not no failure: more requests without one need fewer pairs', () => {
    const needed = (requests: number) =>
      new RateNoise(0, requests).pairsNeeded(0.05, rule, 0.95).value ?? 0;
    expect(needed(30)).toBeGreaterThan(needed(300));
    // Without any of the baseline's own, 10 pairs that failed are the first that 0.5¹⁰ < 0.001 shows.
    expect(needed(100_000)).toBeGreaterThan(10 / 0.05);
  });
});

describe('of a tail', () => {
  const random = createRandom('tail');
  const draw = (n: number) => Float64Array.from({ length: n }, () => 0.25 * random.normal());

  test('is the spread of the quantile, twice', () => {
    const noise = new TailNoise({ candidate: draw(4000), baseline: draw(4000) }, 0.95, random);
    // √(2·p·(1 − p)) over the density at the quantile.
    expect(noise.scale).toBeGreaterThan(0.7473 * 0.8);
    expect(noise.scale).toBeLessThan(0.7473 * 1.25);
  });

  test('its fails and passes are those of the normal distribution', () => {
    const noise = new TailNoise({ candidate: draw(1000), baseline: draw(1000) }, 0.95, random);
    const rule = { ...RULE, alpha: 0.01, least: Math.log(1.125) };
    const needed = noise.pairsNeeded(Math.log(1.25), rule, 0.95).value ?? 0;
    expect(noise.failPower(needed, Math.log(1.25), rule)).toBeGreaterThanOrEqual(0.95);
    expect(noise.failPower(needed - 2, Math.log(1.25), rule)).toBeLessThan(0.95);
    expect(noise.failPower(1000, 0, rule)).toBeLessThan(0.01);
    expect(noise.passPower(1000, 0, { alpha: 0.01, below: Math.log(1.25) })).toBeGreaterThan(0.99);
  });

  test('which are about what swapping the arms of pairs shows', () => {
    const noise = new TailNoise({ candidate: draw(4000), baseline: draw(4000) }, 0.95, random);
    const [pairs, shift, alpha, times] = [300, 0.14, 0.01, 200];
    let fails = 0;
    for (let time = 0; time < times; time++) {
      const worse = draw(pairs).map((one) => one + shift);
      const swaps = new SwapPermutation(worse, draw(pairs), 0.95, random.next);
      if (swaps.rejects(0, 1, alpha)) fails++;
    }
    const power = noise.failPower(pairs, shift, { ...RULE, alpha, least: 0 });
    expect(power).toBeGreaterThan(0.6);
    expect(power).toBeLessThan(0.95);
    expect(Math.abs(fails / times - power)).toBeLessThan(0.12);
  });
});

import { describe, expect, test } from 'vitest';
import { autoregressive } from '../../scripts/coverage/samples.mjs';
import { createRandom } from '../../src/random.ts';
import { clusterEffect, designEffect, timeEffect } from '../../src/stats/design-effect.ts';
import { neighbourEffect } from '../../src/stats/neighbour-effect.ts';
import { OrderedSample } from '../../src/stats/ordered-sample.ts';

const hitsOf = (n: number, isHit: (index: number) => boolean) =>
  Uint8Array.from({ length: n }, (_, index) => (isHit(index) ? 1 : 0));
const coins = (n: number, p: number, seed: string) => {
  const random = createRandom(seed);
  return hitsOf(n, () => random.next() < p);
};

describe('of time', () => {
  test.each([20, 100, 1000, 5000, 100_000])('independent hits: none, of %i', (n) => {
    const seeds = Array.from({ length: 40 }, (_, index) => `independent-${index}`);
    const effects = seeds.map((seed) => timeEffect(coins(n, 0.5, seed)));
    expect(effects.filter((effect) => effect === 1).length).toBeGreaterThanOrEqual(32);
  });

  test('one that follows the other does not count against it', () => {
    expect(timeEffect(hitsOf(1000, (index) => index % 2 === 0))).toBe(1);
  });

  test.each([1000, 5000, 100_000])('the median of an AR(1) process, of %i', (n) => {
    // 1 + 2·Σ (2/π)·asin(0.6ᵏ)
    const truth = 1 + 2 * sumOf(60, (k) => (2 / Math.PI) * Math.asin(0.6 ** k));
    const seeds = Array.from({ length: 30 }, (_, index) => createRandom(`ar-${n}-${index}`));
    const effects = seeds.map((random) => {
      const series = autoregressive(n, 0.6, random);
      return timeEffect(hitsOf(n, (index) => (series[index] as number) <= 0));
    });
    const mean = effects.reduce((sum, each) => sum + each, 0) / effects.length;
    expect(mean).toBeGreaterThan(0.9 * truth);
    expect(mean).toBeLessThan(1.1 * truth);
  });

  test('hits in one burst', () => {
    expect(timeEffect(hitsOf(200, (index) => index >= 100 && index < 120))).toBeGreaterThan(5);
  });

  test.each([0, 1])('nothing but %i shows nothing', (hit) => {
    expect(timeEffect(hitsOf(100, () => hit === 1))).toBe(1);
    expect(timeEffect(new Uint8Array())).toBe(1);
  });
});

describe('of clusters', () => {
  const clusters = (n: number, count: number) =>
    Uint32Array.from({ length: n }, (_, index) => index % count);

  test('repeats that always come out alike are worth one each', () => {
    const outcomes = coins(50, 0.4, 'cases');
    const hits = hitsOf(200, (index) => outcomes[index % 50] === 1);
    // Four repeats, and the mean of fifty is their own: 4 · 50/49.
    expect(clusterEffect(hits, clusters(200, 50))).toBeCloseTo((4 * 50) / 49, 9);
  });

  test('independent repeats: none', () => {
    const effects = Array.from({ length: 20 }, (_, index) =>
      clusterEffect(coins(400, 0.2, `repeats-${index}`), clusters(400, 100)),
    );
    expect(effects.filter((effect) => effect === 1).length).toBeGreaterThanOrEqual(17);
  });

  test('none where no case repeats, where all are one, and where all are alike', () => {
    const hits = coins(100, 0.3, 'any');
    expect(clusterEffect(hits, null)).toBe(1);
    expect(clusterEffect(hits, clusters(100, 100))).toBe(1);
    expect(clusterEffect(hits, clusters(100, 1))).toBe(1);
    expect(clusterEffect(new Uint8Array(100), clusters(100, 10))).toBe(1);
  });

  test('adds to that of time', () => {
    const hits = hitsOf(400, (index) => index % 100 < 10);
    const both = timeEffect(hits) + clusterEffect(hits, clusters(400, 100)) - 1;
    expect(designEffect(hits, clusters(400, 100))).toBe(both);
    expect(both).toBeGreaterThan(timeEffect(hits));
  });
});

describe('of neighbours', () => {
  const of = (series: Float64Array) => neighbourEffect(series, series.slice().sort());

  test('a first-order process', () => {
    const effects = Array.from({ length: 50 }, (_, index) =>
      of(autoregressive(150, 0.6, createRandom(`few-${index}`))),
    ).sort((a, b) => a - b);
    // (1 + ρ) / (1 − ρ), ρ being a little smaller of ranks
    expect(effects[25]).toBeGreaterThan(3.3);
    expect(effects[25]).toBeLessThan(4.2);
  });

  test('independent samples, equal ones and alternating ones: none', () => {
    const effects = Array.from({ length: 40 }, (_, index) => {
      const random = createRandom(`apart-${index}`);
      return of(Float64Array.from({ length: 60 }, () => random.next()));
    });
    expect(effects.filter((effect) => effect === 1).length).toBeGreaterThanOrEqual(36);
    expect(of(new Float64Array(50).fill(7))).toBe(1);
    expect(of(Float64Array.from({ length: 50 }, (_, index) => index % 2))).toBe(1);
  });
});

test('a tail is no more independent than the middle lets it be', () => {
  const series = autoregressive(5000, 0.6, createRandom('tails'));
  const sample = new OrderedSample(series, null);
  const worth = [0.5, 0.9, 0.99].map((p) => 5000 / sample.effectiveN(p));
  expect(worth[0]).toBeGreaterThan(2.4);
  expect(worth[1]).toBeGreaterThan(2);
  expect(worth[2]).toBeGreaterThan(1.4);
  expect(worth[0]).toBeGreaterThan(worth[2] as number);
});

function sumOf(count: number, term: (k: number) => number): number {
  return Array.from({ length: count }, (_, index) => term(index + 1)).reduce((a, b) => a + b);
}

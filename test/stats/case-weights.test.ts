import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import {
  drawPriorWeight,
  drawWeights,
  weightedPlace,
  weightedSums,
} from '../../src/stats/case-weights.ts';

const meanOf = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;

describe('weights of one draw', () => {
  test('add up to the cases of each stratum, and are none below 0', () => {
    const { next } = createRandom('strata');
    const strata = Uint32Array.from([0, 1, 0, 0, 1, 2]);
    const weights = new Float64Array(6);
    for (let i = 0; i < 50; i++) {
      drawWeights(weights, strata, next);
      const sum = (of: number) =>
        weights.filter((_, at) => strata[at] === of).reduce((a, b) => a + b);
      expect(sum(0)).toBeCloseTo(3, 9);
      expect(sum(1)).toBeCloseTo(2, 9);
      expect(sum(2)).toBeCloseTo(1, 9);
      expect(weights.every((weight) => weight >= 0)).toBe(true);
    }
  });

  test('spread as Dirichlet weights do: variance of a mean (n/(n+1)) · s²/n', () => {
    const { next } = createRandom('spread');
    const n = 20;
    const values = Float64Array.from({ length: n }, (_, i) => i);
    const ones = new Float64Array(n).fill(1);
    const cases = Uint32Array.from(values);
    const weights = new Float64Array(n);
    const means = Array.from({ length: 20_000 }, () => {
      drawWeights(weights, new Uint32Array(n), next);
      const { top, bottom } = weightedSums({ cases, top: values, bottom: ones }, weights);
      return top / bottom;
    });
    const mean = meanOf(means);
    const variance = meanOf(means.map((each) => (each - mean) ** 2));
    const s2 = meanOf([...values].map((value) => (value - (n - 1) / 2) ** 2));
    expect(mean).toBeCloseTo((n - 1) / 2, 1);
    expect(variance / (s2 / (n + 1))).toBeGreaterThan(0.95);
    expect(variance / (s2 / (n + 1))).toBeLessThan(1.05);
  });
});

test.each([
  [0, 40],
  [40, 40],
  [33, 40],
])('%i of %i right come to Beta(k + ½, n − k + ½)', (k, n) => {
  const { next } = createRandom(`beta ${k}`);
  const right = Float64Array.from({ length: n }, (_, i) => Number(i < k));
  const cases = Uint32Array.from(right.keys());
  const weights = new Float64Array(n);
  const draws = Array.from({ length: 20_000 }, () => {
    drawWeights(weights, new Uint32Array(n), next);
    const scale = 1;
    const { top, bottom } = weightedSums(
      { cases, top: right, bottom: new Float64Array(n).fill(1) },
      weights,
    );
    const [hit, miss] = [scale * drawPriorWeight(next), scale * drawPriorWeight(next)];
    return (top + hit) / (bottom + hit + miss);
  });
  const [a, b] = [k + 0.5, n - k + 0.5];
  const mean = meanOf(draws);
  const variance = meanOf(draws.map((each) => (each - mean) ** 2));
  expect(Math.abs(mean - a / (a + b))).toBeLessThan(0.004);
  const exact = (a * b) / ((a + b) ** 2 * (a + b + 1));
  expect(Math.sqrt(variance / exact)).toBeGreaterThan(0.9);
  expect(Math.sqrt(variance / exact)).toBeLessThan(1.1);
});

describe('the place of a quantile', () => {
  test.each([
    [0.5, [1, 1, 1, 1], 1],
    [0.5, [1, 1, 1], 1],
    [0.5, [5, 1, 1, 1], 0],
    [0.9, [1, 1, 1, 7], 3],
    [0.9, [8.9, 0.2, 0.4, 0.5], 1],
  ])('at %f with weights %j is %i', (p, weights, place) => {
    const cases = Uint32Array.from(weights.keys());
    const total = weights.reduce((sum, each) => sum + each, 0);
    expect(weightedPlace(cases, Float64Array.from(weights), p, total)).toBe(place);
  });

  test('of nothing, or of nothing that weighs, there is none', () => {
    expect(weightedPlace(new Uint32Array(), new Float64Array(), 0.5, 0)).toBe(-1);
    expect(weightedPlace(Uint32Array.from([0]), new Float64Array(1), 0.5, 0)).toBe(-1);
  });
});

import { describe, expect, test } from 'vitest';
import { DEPENDENT, INDEPENDENT, type Source } from '../../scripts/coverage/samples.mjs';
import {
  HITS,
  type HitsOf,
  quantileCoverage,
  rateCoverage,
  shareCoverage,
} from '../../scripts/coverage/simulate.mjs';
import { LOADS, type Spells } from '../../scripts/coverage/spells.mjs';
import { createRandom, type Random } from '../../src/random.ts';
import { rateInterval } from '../../src/stats/block-bootstrap.ts';
import { fullLoad } from '../../src/stats/concurrency.ts';
import { designEffect } from '../../src/stats/design-effect.ts';
import { OrderedSample } from '../../src/stats/ordered-sample.ts';
import { wilsonInterval } from '../../src/stats/wilson.ts';

/*
 * A short pass of `npm run stats:coverage`, whose figures stand in docs/coverage.md. Seeded, so that
 * it fails for a change of the method only; of 1,000 simulations the standard error is 0.7 points,
 * and the bounds leave three of them.
 */
const simulations = 1000;
const tested = { OrderedSample, wilsonInterval, designEffect, rateInterval, fullLoad };
const ALL = [0.5, 0.9, 0.95, 0.99];

describe('quantiles of independent samples', () => {
  const cases = Object.keys(INDEPENDENT).flatMap((name) => [
    { name, n: 20, quantiles: [0.5] },
    { name, n: 96, quantiles: [0.5, 0.9, 0.95] },
    { name, n: 500, quantiles: ALL },
  ]);
  test.each(cases)('$name, n = $n', ({ name, n, quantiles }) => {
    const random = createRandom(`${name}/${n}`);
    const source = INDEPENDENT[name] as Source;
    const found = quantileCoverage(tested, source, { n, quantiles, simulations, random });
    for (const { held, printed } of found) {
      expect(held).toBeGreaterThan(0.92);
      expect(held).toBeLessThan(0.985);
      expect(printed).toBeGreaterThan(0.8);
    }
  });
});

describe('quantiles of an autocorrelated process', () => {
  const settings = (n: number, quantiles: number[]) => ({
    n,
    quantiles,
    simulations: 400,
    random: createRandom(`AR/${n}`),
  });
  const process = DEPENDENT['AR(1), ρ = 0.6'] as Source;

  test.each([1000, 3000])('hold what they promise at n = %i', (n) => {
    for (const { held } of quantileCoverage(tested, process, settings(n, ALL))) {
      expect(held).toBeGreaterThan(0.91);
    }
  });

  test('are mostly n/a where the samples are too few', () => {
    const [atMiddle] = quantileCoverage(tested, process, settings(40, [0.5]));
    expect(atMiddle?.printed).toBeLessThan(0.3);
    const [, atTail] = quantileCoverage(tested, process, settings(100, [0.5, 0.95]));
    expect(atTail?.printed).toBeLessThan(0.05);
  });
});

test('shares of independent hits, mean over a grid', () => {
  const grid = Array.from({ length: 13 }, (_, index) => 0.02 + 0.08 * index);
  for (const n of [20, 100]) {
    const random = createRandom(`shares/${n}`);
    const hitsOf = HITS.independent as HitsOf;
    const held = grid.map(
      (p) => shareCoverage(tested, { n, p, simulations: 400, random, hitsOf }).held,
    );
    expect(held.reduce((a, b) => a + b, 0) / grid.length).toBeGreaterThan(0.94);
  }
});

test.each(Object.entries(LOADS))('throughput: %s', (name, load) => {
  const random = createRandom(name);
  const of = load as (n: number, random: Random) => Spells;
  const found = rateCoverage(tested, of, { n: 500, simulations: 500, random });
  expect(found.printed).toBe(1);
  expect(found.held).toBeGreaterThan(0.9);
});

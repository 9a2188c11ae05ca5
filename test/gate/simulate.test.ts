import { describe, expect, test } from 'vitest';
import { NOISES, SimulatedPairs } from '../../scripts/gate/pairs.mjs';
import { outcomeOf } from '../../scripts/gate/promises.mjs';
import { isMost } from '../../src/gate/paired/judge.ts';
import { createRandom } from '../../src/random.ts';

describe('a promise', () => {
  const promise = (hits: number, of: number) => ({
    promise: 'false fail',
    wanted: '≤ 1 %',
    most: 0.01,
    cells: [
      { name: 'good', hits: 0, of },
      { name: 'bad', hits, of },
    ],
  });
  const power = (hits: number, of: number) => ({
    promise: 'power',
    wanted: '≥ 95 %',
    least: 0.95,
    cells: [{ name: 'only', hits, of }],
  });

  const [reached, chance, missed] = ['reached', 'reached, but for chance', 'MISSED'];

  test.each([
    ['kept', promise(100, 10_000), reached, reached],
    ['passed by one check', promise(101, 10_000), chance, chance],
    ['passed by what chance does not show', promise(160, 10_000), missed, missed],
    ['passed in few checks', promise(6, 250), chance, chance],
    [
      'passed in few checks, by what may be chance once in so many passes',
      promise(9, 250),
      missed,
      chance,
    ],
    ['passed in few checks by far', promise(15, 250), missed, missed],
    ['of power, kept', power(238, 250), reached, reached],
    ['of power, not quite', power(232, 250), chance, chance],
    ['of power, by far not', power(210, 250), missed, missed],
    ['of power, kept by all', power(250, 250), reached, reached],
  ])('%s', (_, promised, inFull, inShort) => {
    expect(outcomeOf(promised, false)).toBe(inFull);
    expect(outcomeOf(promised, true)).toBe(inShort);
  });
});

describe('simulated pairs', () => {
  const noiseOf = (name: string) => NOISES[name] as NonNullable<(typeof NOISES)[string]>;
  const pairsOf = (name: string, effect: number) => {
    const shape = { metrics: 2, most: 20_000, effect };
    const pairs = new SimulatedPairs(noiseOf(name), shape, createRandom(`test/${name}`));
    pairs.growTo(20_000);
    return pairs;
  };
  const median = (values: Float64Array) => values.slice().sort()[values.length >> 1];

  test.each(Object.keys(NOISES))('%s: the first metric alone is changed, by so much', (name) => {
    const pairs = pairsOf(name, 0.1);
    expect(Math.abs((median(pairs.differences(0)) as number) - Math.log(1.1))).toBeLessThan(0.01);
    expect(Math.abs(median(pairs.differences(1)) as number)).toBeLessThan(0.01);
  });

  test('have the spread that they are named after', () => {
    const d = pairsOf('log-normal, s = 0.20', 0).differences(0);
    const variance = d.reduce((sum, one) => sum + one * one, 0) / d.length;
    expect(Math.sqrt(variance / 2)).toBeCloseTo(0.2, 2);
  });

  test('resemble the request before where they should', () => {
    const d = pairsOf('s = 0.20, AR(1) ρ = 0.6', 0).differences(0);
    const variance = d.reduce((sum, one) => sum + one * one, 0) / d.length;
    expect(variance).toBeCloseTo(2 * 0.04 * (1 - 0.6), 2);
  });

  test('fail and time out at their rates, in both arms alike', () => {
    const limited = pairsOf('s = 0.20, bursts of 429', 0);
    // One in 100 begins a burst of 20, so a sixth of the time is one.
    const refused = [limited.candidate, limited.baseline].map(
      ([first]) => first?.filter(Number.isNaN).length ?? 0,
    );
    for (const count of refused) expect(count / 20_000).toBeCloseTo(0.7 / 6, 1.5);
    const late = pairsOf('s = 0.20, 3 % time out', 0);
    for (const [first] of [late.candidate, late.baseline]) {
      const count = first?.filter((one) => one === Infinity).length ?? 0;
      expect(count / 20_000).toBeCloseTo(0.03, 2);
    }
  });

  test('count for the most part under bursts of 429, at the last look always', () => {
    const checks = 2000;
    const random = createRandom('test/most');
    const few = { 100: 0, 400: 0 };
    for (let check = 0; check < checks; check++) {
      const shape = { metrics: 1, most: 400, effect: 0 };
      const pairs = new SimulatedPairs(noiseOf('s = 0.20, bursts of 429'), shape, random);
      for (const size of [100, 400] as const) {
        pairs.growTo(size);
        if (!isMost({ pairs: pairs.differences(0).length, sent: size })) few[size]++;
      }
    }
    expect(few[100] / checks).toBeCloseTo(0.01, 2);
    expect(few[400]).toBe(0);
  });
});

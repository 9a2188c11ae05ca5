import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { isShown, rateInterval, type Spells } from '../../src/stats/block-bootstrap.ts';
import { fullLoad } from '../../src/stats/concurrency.ts';

const next = () => createRandom('rate').next;
const windowOf = ({ starts, ends }: Spells) => {
  const { from, to } = fullLoad(starts, ends) ?? { from: 0, to: 0 };
  return {
    startMs: Math.min(...Array.from(starts)),
    endMs: Math.max(...Array.from(ends)),
    fullFromMs: from,
    fullToMs: to,
  };
};
const of = (spells: Spells) => rateInterval(spells, windowOf(spells), next());

/** One after another, each with an amount of its own. */
function inTurn(n: number, amountOf: (index: number) => number): Spells {
  return {
    starts: Array.from({ length: n }, (_, index) => 100 * index),
    ends: Array.from({ length: n }, (_, index) => 100 * (index + 1)),
    amounts: Array.from({ length: n }, (_, index) => amountOf(index)),
  };
}

test('is not given of fewer than 20 spells, nor of no time', () => {
  expect(of(inTurn(19, (index) => index + 1))).toBeUndefined();
  expect(of(inTurn(20, (index) => index + 1))).toBeDefined();
  const atOnce = { starts: Array(30).fill(5), ends: Array(30).fill(5), amounts: Array(30).fill(1) };
  expect(of(atOnce)).toBeUndefined();
});

test('is not given where fewer than 20 spells came to anything', () => {
  expect(of(inTurn(400, () => 0))).toBeUndefined();
  expect(of(inTurn(400, (index) => Number(index % 25 === 0)))).toBeUndefined();
  expect(of(inTurn(400, (index) => Number(index % 10 === 0)))).toBeDefined();
});

test('an even rate has an interval of no width', () => {
  const interval = of(inTurn(400, () => 7));
  expect(interval?.low).toBeCloseTo(70, 9);
  expect(interval?.high).toBeCloseTo(70, 9);
});

test('is as wide as the blocks of time differ, not as the requests do', () => {
  const random = createRandom('noise');
  const noise = Array.from({ length: 2000 }, () => (random.next() < 0.5 ? 0 : 20));
  const width = (spells: Spells) => {
    const { low, high } = of(spells) as { low: number; high: number };
    return high - low;
  };
  const mixed = width(inTurn(2000, (index) => noise[index] as number));
  const inSpells = width(
    inTurn(2000, (index) => [...noise].sort((a, b) => a - b)[index] as number),
  );
  const fewBursts = width(inTurn(2000, (index) => (Math.floor(index / 130) % 2) * 20));
  expect(fewBursts).toBeGreaterThan(5 * mixed);
  expect(inSpells).toBeGreaterThan(5 * mixed);
});

test('a load that runs dry at the end does not widen it', () => {
  // Eight at once, the last of them eight times as long.
  const closedLoop = (lastMs: number): Spells => ({
    starts: Array.from({ length: 401 }, (_, index) => 100 * Math.floor(index / 8)),
    ends: Array.from({ length: 401 }, (_, index) =>
      index === 400 ? 5000 + lastMs : 100 * (Math.floor(index / 8) + 1),
    ),
    amounts: Array.from({ length: 401 }, (_, index) => 10 + (index % 3)),
  });
  const relativeWidth = (spells: Spells) => {
    const { low, high } = of(spells) as { low: number; high: number };
    return (high - low) / (high + low);
  };
  expect(relativeWidth(closedLoop(800))).toBeLessThan(0.05);
  // But where most of the time nothing was sent, there is no rate to speak of.
  expect(of(closedLoop(8000))).toBeUndefined();
});

describe('at other levels', () => {
  const random = createRandom('levels');
  const spells = inTurn(800, () => 5 + 10 * random.next());
  const at = (low: number, high: number) =>
    rateInterval(spells, windowOf(spells), next(), { low, high });

  test('it widens, and the ends go each by its own', () => {
    expect(at(0.025, 0.025)).toEqual(of(spells));
    const wide = at(0.001, 0.001) as { low: number; high: number };
    expect(wide.low).toBeLessThan(of(spells)?.low as number);
    expect(wide.high).toBeGreaterThan(of(spells)?.high as number);
    const uneven = at(0.001, 0.025);
    expect(uneven?.low).toBeCloseTo(wide.low, 9);
    expect(uneven?.high).toBeLessThan(wide.high);
  });

  test('an end without a tail is open', () => {
    expect(at(0, 0.01)).toEqual({ low: 0, high: expect.any(Number) });
    expect(at(0.01, 0)).toEqual({ low: expect.any(Number), high: Infinity });
  });

  test('there is none in tails that resamples in reach do not show', () => {
    expect(at(0.00007, 0)).toBeDefined();
    expect(at(0.00005, 0)).toBeUndefined();
    expect([0, 0.00007, 0.00005].map(isShown)).toEqual([true, true, false]);
  });

  test('the longest request may be the last', () => {
    const ends = [...Array.from(spells.ends)];
    const straggling = { ...spells, starts: [...Array.from(spells.starts)], ends };
    // One in the middle goes on for fifty times as long.
    ends[400] = (ends[400] as number) + 5000;
    const width = (one: Spells, tail: number) => {
      const found = rateInterval(one, windowOf(one), next(), { low: tail, high: tail });
      return (found?.high as number) - (found?.low as number);
    };
    expect(width(straggling, 0.001)).toBeGreaterThan(1.5 * width(spells, 0.001));
    expect(width(straggling, 0.025)).toBeLessThan(1.1 * width(spells, 0.025));
  });
});

describe('whatever the spells', () => {
  const spells = fc
    .array(fc.tuple(fc.nat(10_000), fc.integer({ min: 1, max: 500 }), fc.nat(500)), {
      minLength: 20,
      maxLength: 300,
    })
    .map((all) => ({
      starts: all.map(([start]) => start),
      ends: all.map(([start, length]) => start + length),
      amounts: all.map(([, , amount]) => amount),
    }));

  test('it holds the rate, is never negative, and comes out the same again', () => {
    fc.assert(
      fc.property(spells, (all) => {
        const { startMs, endMs } = windowOf(all);
        const rate = (1000 * all.amounts.reduce((a, b) => a + b, 0)) / (endMs - startMs);
        const interval = of(all);
        if (interval === undefined) return;
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(rate * (1 + 1e-9));
        expect(interval.high).toBeGreaterThanOrEqual(rate * (1 - 1e-9));
        expect(of(all)).toEqual(interval);
      }),
      { numRuns: 50 },
    );
  });

  test('their order does not matter', () => {
    fc.assert(
      fc.property(spells, (all) => {
        const reversed = {
          starts: [...all.starts].reverse(),
          ends: [...all.ends].reverse(),
          amounts: [...all.amounts].reverse(),
        };
        const high = of(all)?.high;
        if (high === undefined) expect(of(reversed)).toBeUndefined();
        else expect(of(reversed)?.high).toBeCloseTo(high, 6);
      }),
      { numRuns: 20 },
    );
  });
});

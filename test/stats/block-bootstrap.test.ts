import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { rateInterval, type Spells } from '../../src/stats/block-bootstrap.ts';

const next = () => createRandom('rate').next;
const windowOf = ({ starts, ends }: Spells) => ({
  startMs: Math.min(...Array.from(starts)),
  endMs: Math.max(...Array.from(ends)),
});
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
  expect(of(inTurn(19, (index) => index))).toBeUndefined();
  expect(of(inTurn(20, (index) => index))).toBeDefined();
  const atOnce = { starts: Array(30).fill(5), ends: Array(30).fill(5), amounts: Array(30).fill(1) };
  expect(of(atOnce)).toBeUndefined();
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

describe('whatever the spells', () => {
  const spells = fc
    .array(fc.tuple(fc.nat(10_000), fc.integer({ min: 1, max: 2000 }), fc.nat(500)), {
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
        expect(interval?.low).toBeGreaterThanOrEqual(0);
        expect(interval?.low).toBeLessThanOrEqual(rate * (1 + 1e-9));
        expect(interval?.high).toBeGreaterThanOrEqual(rate * (1 - 1e-9));
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
        expect(of(reversed)?.high).toBeCloseTo(of(all)?.high as number, 6);
      }),
      { numRuns: 20 },
    );
  });
});

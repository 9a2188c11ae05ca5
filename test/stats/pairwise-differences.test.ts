import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { PairwiseDifferences } from '../../src/stats/pairwise-differences.ts';

const sorted = (values: Iterable<number>) => Float64Array.from(values).sort();

/** All of them, laid out. */
function laidOut(base: Float64Array, other: Float64Array): Float64Array {
  return sorted([...other].flatMap((to) => [...base].map((from) => to - from)));
}

const values = fc.array(
  fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
  { minLength: 1, maxLength: 15 },
);

test('the k-th smallest, every k, ties or none', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const [base, other] = [sorted(a), sorted(b)];
      const differences = new PairwiseDifferences(base, other);
      const all = laidOut(base, other);
      expect(differences.count).toBe(all.length);
      // -0 and 0 are one place on the line.
      all.forEach((each, index) => {
        expect(differences.ranked(index + 1) + 0).toBe(each + 0);
      });
    }),
  );
});

test('open values stand at the ends', () => {
  const opened = new PairwiseDifferences(Float64Array.of(1, 2), Float64Array.of(5, Infinity));
  expect([1, 2, 3, 4].map((k) => opened.ranked(k))).toEqual([3, 4, Infinity, Infinity]);
  const base = new PairwiseDifferences(Float64Array.of(1, Infinity), Float64Array.of(5, 7));
  expect([1, 2, 3, 4].map((k) => base.ranked(k))).toEqual([-Infinity, -Infinity, 4, 6]);
  const none = new PairwiseDifferences(Float64Array.of(Infinity), Float64Array.of(5));
  expect(none.median()).toBe(-Infinity);
});

describe('more than are laid out', () => {
  const draw = (n: number, one: () => number) => sorted(Array.from({ length: n }, one));

  test.each<[string, (random: ReturnType<typeof createRandom>) => () => number]>([
    ['spread out', (random) => () => Math.exp(3 * random.normal())],
    ['few different ones', (random) => () => random.integer(0, 3)],
    ['all the same', () => () => 7],
    ['mostly the same', (random) => () => (random.next() < 0.01 ? random.normal() : 7)],
  ])('%s', (name, source) => {
    const one = source(createRandom(name));
    const [base, other] = [draw(300, one), draw(200, one)];
    const differences = new PairwiseDifferences(base, other);
    const all = laidOut(base, other);
    for (const k of [1, 2, 17, 29_999, 30_000, 30_001, 59_999, 60_000]) {
      expect(differences.ranked(k)).toBe(all[k - 1]);
    }
    expect(differences.median()).toBe(((all[29_999] as number) + (all[30_000] as number)) / 2);
  });
});

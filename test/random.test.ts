import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../src/random.ts';

const draws = (seed: string, count = 5): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('seeded randomness', () => {
  test('is the same for a seed, on every machine', () => {
    expect(draws('42')).toEqual(draws('42'));
    expect(createRandom('42').integer(0, 1_000_000)).toMatchInlineSnapshot(`366252`);
  });

  test('a fork is its own stream, and does not advance the other', () => {
    const random = createRandom('42');
    random.fork('a').next();
    expect(random.next()).toBe(draws('42')[0]);
    expect(createRandom('42').fork('a').next()).not.toBe(createRandom('42').fork('b').next());
  });

  test('integers stay within their bounds and reach both', () => {
    const random = createRandom('dice');
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(1, 6)));
    expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a shuffle keeps every element', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        const shuffled = createRandom(seed).shuffle(items);
        expect([...shuffled].sort()).toEqual([...items].sort());
      }),
    );
  });

  test('normal deviates have mean 0 and variance 1', () => {
    const random = createRandom('normal');
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  test('picking from nothing is a mistake', () => {
    expect(() => createRandom('x').pick([])).toThrow(RangeError);
  });
});

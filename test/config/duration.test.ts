import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';

describe('parseDuration', () => {
  test.each<[string, number | undefined]>([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['2h', 7_200_000],
    ['5', undefined],
    ['0s', undefined],
    ['-1s', undefined],
    ['5 s', undefined],
    ['1d', undefined],
    ['', undefined],
    ['s', undefined],
    ['1e3s', undefined],
    ['5S', undefined],
  ])('%s → %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test('parts add up', () => {
    const part = fc.tuple(fc.nat(999), fc.constantFrom('ms', 's', 'm', 'h'));
    fc.assert(
      fc.property(part, part, ([a, unitA], [b, unitB]) => {
        const sum = (parseDuration(a + unitA) ?? 0) + (parseDuration(b + unitB) ?? 0);
        expect(parseDuration(a + unitA + b + unitB) ?? 0).toBe(sum);
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { OrderedSample } from '../../src/stats/ordered-sample.ts';

const sample = (values: number[], lowestBound?: number) =>
  new OrderedSample(Float64Array.from(values), null, lowestBound);

describe('samples past a limit', () => {
  const values = [100, 500, 300, 900, 700];

  test('are counted on either side', () => {
    expect(sample(values).countPast((value) => value >= 700, true)).toEqual({
      atLeast: 2,
      atMost: 2,
    });
    expect(sample(values).countPast((value) => value <= 100, false)).toEqual({
      atLeast: 1,
      atMost: 1,
    });
  });

  test('may be more where waits were cut off before an upper one', () => {
    const of = (lowestBound: number) =>
      sample(values, lowestBound).countPast((value) => value >= 700, true);
    expect(of(700)).toEqual({ atLeast: 2, atMost: 2 });
    expect(of(300)).toEqual({ atLeast: 2, atMost: 4 });
  });

  test('may be fewer where waits were cut off before a lower one', () => {
    const of = (lowestBound: number) =>
      sample(values, lowestBound).countPast((value) => value <= 500, false);
    expect(of(600)).toEqual({ atLeast: 3, atMost: 3 });
    expect(of(300)).toEqual({ atLeast: 1, atMost: 3 });
  });
});

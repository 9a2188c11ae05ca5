import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { changePoints } from '../../src/stats/change-points.ts';

const OPTIONS = { maxP: 3e-4, leastChange: 0.025, leastSd: 1e-4, leastRuns: 3, window: 50 };

/** Normal noise around these levels, so many figures of each. */
function series(seed: string, sd: number, ...levels: [number, number][]): number[] {
  const random = createRandom(seed);
  return levels.flatMap(([level, count]) =>
    Array.from({ length: count }, () => level + sd * random.normal()),
  );
}
const indices = (values: number[], options = OPTIONS) =>
  changePoints(values, options).map(({ index }) => index);

describe('change points', () => {
  test('have the levels on both sides and the p of Student’s t test', () => {
    const values = [10.1, 9.9, 10.3, 10, 9.8, 10.2, 11, 11.4, 10.9, 11.2];
    const [point, ...others] = changePoints(values, { ...OPTIONS, maxP: 1e-3 });
    expect(others).toEqual([]);
    expect(point).toMatchObject({ index: 6 });
    expect(point?.before).toBeCloseTo(10.05, 12);
    expect(point?.after).toBeCloseTo(11.125, 12);
    // SciPy 1.16: ttest_ind(values[:6], values[6:]).pvalue
    expect(point?.p).toBeCloseTo(3.362967269877605e-5, 14);
  });

  test('stand where the levels change, several of them, up and down', () => {
    const values = series('steps', 0.02, [0, 40], [0.15, 30], [-0.05, 50], [0.1, 20]);
    expect(indices(values)).toEqual([40, 70, 120]);
  });

  test('are found across windows, and late in a long series', () => {
    expect(indices(series('long', 0.01, [0, 400], [0.05, 6]))).toEqual([400]);
    expect(indices(series('edge', 0.01, [0, 50], [0.08, 50]))).toEqual([50]);
  });

  test('need a size, a number of figures and a difference that is not chance', () => {
    expect(indices(series('small', 0.001, [0, 30], [0.02, 30]))).toEqual([]);
    expect(indices(series('short', 0.01, [0, 30], [0.3, 2]))).toEqual([]);
    expect(indices(series('noisy', 0.2, [0, 20], [0.05, 20]))).toEqual([]);
    expect(indices([])).toEqual([]);
    expect(indices([1, 2, 3, 4, 5])).toEqual([]);
  });

  test('one figure far out is none, and does not hide one', () => {
    const quiet = series('night', 0.01, [0, 20], [0.15, 20]);
    for (const night of [0, 5, 25, 39]) {
      const values = quiet.map((value, index) => (index === night ? value + 0.5 : value));
      expect(indices(values)).toEqual([20]);
    }
    const level = series('alone', 0.01, [0, 30]).map((value, i) => (i === 29 ? 0.5 : value));
    expect(indices(level)).toEqual([]);
  });

  test('of equal figures rest on the least spread', () => {
    const flat = [...Array<number>(10).fill(1), ...Array<number>(10).fill(1.05)];
    expect(indices(flat)).toEqual([10]);
    expect(indices(flat, { ...OPTIONS, leastSd: 0.1 })).toEqual([]);
    expect(indices(Array<number>(30).fill(2))).toEqual([]);
  });

  test('do not depend on the unit, and a series backwards has the same ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 30 }),
        fc.integer({ min: 0, max: 1000 }),
        (at, seed) => {
          const values = series(`s${seed}`, 0.01, [0, at], [0.12, 38 - at]);
          const found = indices(values);
          expect(found).toEqual([at]);
          expect(indices([...values].reverse())).toEqual([38 - at]);
          expect(indices(values.map((value) => value + 7))).toEqual(found);
        },
      ),
      { numRuns: 60 },
    );
  });
});

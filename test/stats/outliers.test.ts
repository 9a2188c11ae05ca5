import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { outliers } from '../../src/stats/outliers.ts';

/** Rosner's example, as NIST's handbook has it (1.3.5.17.3): three outliers of up to ten. */
const ROSNER = [
  -0.25, 0.68, 0.94, 1.15, 1.2, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65,
  1.69, 1.7, 1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.1, 2.14, 2.15, 2.23, 2.24,
  2.26, 2.35, 2.37, 2.4, 2.47, 2.54, 2.62, 2.64, 2.9, 2.92, 2.92, 2.93, 3.21, 3.26, 3.3, 3.59, 3.68,
  4.3, 4.64, 5.34, 5.42, 6.01,
];

test("finds the outliers of Rosner's example, which hide behind one another", () => {
  expect(outliers(ROSNER, 10, 0.05).map((index) => ROSNER[index])).toEqual([6.01, 5.42, 5.34]);
});

test('none in few figures, equal ones, or where none is looked for', () => {
  expect(outliers([1, 1, 9], 1, 0.01)).toEqual([]);
  expect(outliers([2, 2, 2, 2, 2, 2], 2, 0.01)).toEqual([]);
  expect(outliers([...ROSNER], 0, 0.05)).toEqual([]);
});

test('one night that is far out, wherever it lies and on either side', () => {
  const random = createRandom('outliers');
  const quiet = Array.from({ length: 10 }, () => 0.02 * random.normal());
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), fc.constantFrom(-0.3, 0.3), (at, step) => {
      const values = quiet.map((value, index) => (index === at ? value + step : value));
      expect(outliers(values, 1, 0.002)).toEqual([at]);
    }),
  );
});

test('as often as it says where there is none', () => {
  const random = createRandom('none');
  let found = 0;
  for (let i = 0; i < 4000; i++) {
    const values = Array.from({ length: 12 }, () => random.normal());
    found += Number(outliers(values, 1, 0.05).length > 0);
  }
  expect(found / 4000).toBeGreaterThan(0.035);
  expect(found / 4000).toBeLessThan(0.065);
});

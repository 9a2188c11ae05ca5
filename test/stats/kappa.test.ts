import { describe, expect, test } from 'vitest';
import { cohensKappa } from '../../src/stats/kappa.ts';

describe('cohensKappa', () => {
  test('the worked example of two readers and 50 grant proposals', () => {
    // 20 yes by both, 15 no by both, 5 and 10 apart: observed 0.7, by chance 0.5.
    expect(cohensKappa({ yesYes: 20, yesNo: 5, noYes: 10, noNo: 15 })).toBeCloseTo(0.4, 12);
  });

  test('1 where they agree on all, below 0 where they agree on none', () => {
    expect(cohensKappa({ yesYes: 3, yesNo: 0, noYes: 0, noNo: 4 })).toBe(1);
    expect(cohensKappa({ yesYes: 0, yesNo: 5, noYes: 5, noNo: 0 })).toBe(-1);
  });

  test('none to give where one label is all that both ever say, or nothing was said', () => {
    expect(cohensKappa({ yesYes: 7, yesNo: 0, noYes: 0, noNo: 0 })).toBeNull();
    expect(cohensKappa({ yesYes: 0, yesNo: 0, noYes: 0, noNo: 0 })).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import type { CaseFigure } from '../../src/frontier/case-figure.ts';
import type { DrawnFigure } from '../../src/frontier/draws.ts';
import { shrunk } from '../../src/frontier/shrinkage.ts';
import { createRandom } from '../../src/random.ts';

const DRAWS = 4000;

/** Draws around each centre, with noise of its own and some that all share. */
function drawn(models: { at: number; error: number }[], shared = 0): DrawnFigure[] {
  const random = createRandom('drawn');
  const common = Float64Array.from({ length: DRAWS }, () => shared * random.normal());
  return models.map(({ at, error }) => {
    const figure: CaseFigure = { point: at, n: 60, draw: () => at, value: (one) => one };
    return { figure, coordinates: common.map((stray) => at + stray + error * random.normal()) };
  });
}

/** The share of draws in which each is the highest. */
function best(figures: readonly DrawnFigure[]): number[] {
  const wins = figures.map(() => 0);
  for (let draw = 0; draw < DRAWS; draw++) {
    const values = figures.map(({ coordinates }) => coordinates[draw] as number);
    const first = values.indexOf(Math.max(...values));
    wins[first] = (wins[first] as number) + 1 / DRAWS;
  }
  return wins;
}

const means = (figures: readonly DrawnFigure[]) =>
  figures.map(({ coordinates }) => coordinates.reduce((sum, each) => sum + each, 0) / DRAWS);

describe('shrunk', () => {
  const error = 0.05;

  test('models that lie no farther apart than chance parts them come near to even odds', () => {
    const seen = drawn([0.84, 0.8, 0.8, 0.76].map((at) => ({ at, error })));
    const [before, after] = [best(seen)[0] as number, best(shrunk(seen, 's'))[0] as number];
    expect(before).toBeGreaterThan(0.5);
    expect(after).toBeLessThan(0.43);
    expect(after).toBeGreaterThan(0.25);
  });

  test('what is plainly better stays so, and where it was', () => {
    const seen = drawn([0.95, 0.6, 0.5].map((at) => ({ at, error })));
    const after = shrunk(seen, 's');
    expect(best(after)[0]).toBeGreaterThan(0.99);
    expect(means(after)[0]).toBeCloseTo(0.95, 1);
  });

  test('a model of few cases takes nothing from those of many', () => {
    const seen = drawn([
      { at: 0.8, error: 0.01 },
      { at: 0.7, error: 0.01 },
      { at: 0.9, error: 0.2 },
    ]);
    const [many, fewer, few] = means(shrunk(seen, 's')) as [number, number, number];
    expect(many).toBeCloseTo(0.8, 1);
    expect(many - fewer).toBeGreaterThan(0.09);
    expect(few).toBeLessThan(0.86);
  });

  test('noise that all share parts nobody, and stays', () => {
    const apart = [0.95, 0.6, 0.5].map((at) => ({ at, error: 0.01 }));
    const after = shrunk(drawn(apart, 0.3), 's');
    expect(best(after)[0]).toBeGreaterThan(0.99);
    const { coordinates } = after[0] as DrawnFigure;
    const middle = means(after)[0] as number;
    const spread = Math.sqrt(
      coordinates.reduce((sum, one) => sum + (one - middle) ** 2, 0) / DRAWS,
    );
    expect(spread).toBeCloseTo(0.3, 1);
  });

  test('one model alone is left as it is', () => {
    const one = drawn([{ at: 0.8, error }]);
    expect(shrunk(one, 's')).toEqual(one);
  });
});

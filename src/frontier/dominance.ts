import type { RowSamples } from '../metrics/row-samples.ts';
import { type CaseFigure, caseFigure } from './case-figure.ts';
import type { Cases } from './cases.ts';
import { LEAST_CASES } from './coverage.ts';
import { drawFigures, shareOf, valuesOf } from './draws.ts';
import { type Figure, ratioFigure } from './figure.ts';
import type { Axis } from './types.ts';

/** From here on something is sure. */
export const SURE_FROM = 0.95;

/** What is no axis, but stands guard: who only answers what is easy dominates nobody. */
const GUARDS = { errors: ratioFigure('error_rate'), ungraded: ratioFigure('ungraded_share') };
type Guard = keyof typeof GUARDS;

/** What is weighed. */
export type Axes = Partial<Record<Axis, Figure>>;

/** A model with its figures on the axes: as seen, and drawn again. */
export interface Weighed {
  samples: RowSamples;
  suites: readonly string[];
  /** 1 for the number of each case that it was asked. */
  asked: Uint8Array;
  figures: Map<Axis | Guard, { figure: CaseFigure; draws: Float64Array }>;
}

export function weigh(
  models: readonly { samples: RowSamples; suites: readonly string[] }[],
  axes: Axes,
  cases: Cases,
  draws: number,
  among?: Uint8Array,
): Weighed[] {
  const named = Object.entries({ ...axes, ...GUARDS }) as [Axis | Guard, Figure][];
  const figures = models.flatMap(({ samples }) =>
    named.map(([, figure]) => caseFigure(figure, samples, cases, among)),
  );
  const drawn = drawFigures(figures, cases, draws).map((one) => ({
    figure: one.figure,
    draws: valuesOf(one),
  }));
  return models.map(({ samples, suites }, i) => ({
    samples,
    suites,
    asked: askedOf(samples, cases),
    figures: new Map(
      named.map(([name], k) => [name, drawn[i * named.length + k] as (typeof drawn)[number]]),
    ),
  }));
}

function askedOf(samples: RowSamples, cases: Cases): Uint8Array {
  const numbers = cases.numbersOf(samples.keys);
  const asked = new Uint8Array(cases.count);
  for (const number of numbers) asked[number] = 1;
  return asked;
}

export interface Found {
  probability: number;
  better: Partial<Record<Axis, number>>;
  cases: number;
}

/**
 * Whether a model dominates another: it was asked every suite that the other was, it is by what was seen
 * at least as good on every axis, surely better on one, and does not surely fail, or go ungraded, more
 * often. Compared are the cases that both were asked; too few of them tell nothing.
 * @returns `null` where it does not
 */
export function dominance(
  strong: Weighed,
  weak: Weighed,
  axes: Axes,
  cases: Cases,
  draws: number,
): Found | null {
  if (!weak.suites.every((suite) => strong.suites.includes(suite))) return null;
  const common = strong.asked.map((asked, i) => asked & (weak.asked[i] as number));
  const count = common.reduce((sum, each) => sum + each, 0);
  if (count < LEAST_CASES) return null;
  if (isSame(common, strong.asked) && isSame(common, weak.asked)) {
    return judge(strong, weak, axes, draws, count);
  }
  const [a, b] = weigh([strong, weak], axes, cases, draws, common) as [Weighed, Weighed];
  return judge(a, b, axes, draws, count);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((each, i) => each === b[i]);
}

function judge(a: Weighed, b: Weighed, axes: Axes, draws: number, cases: number): Found | null {
  const weighed = Object.entries(axes) as [Axis, Figure][];
  const pairs = weighed.map(([axis, { better }]) => ({
    axis,
    sign: better === 'higher' ? 1 : -1,
    a: of(a, axis),
    b: of(b, axis),
  }));
  const isNowhereWorse = pairs.every(
    ({ sign, a, b }) =>
      sign * a.figure.point >= sign * b.figure.point && a.figure.point !== Infinity,
  );
  if (!isNowhereWorse) return null;
  const isGuarded = Object.keys(GUARDS).some((guard) => {
    const [own, others] = [of(a, guard as Guard).draws, of(b, guard as Guard).draws];
    return shareOf(draws, (i) => (own[i] as number) > (others[i] as number)) >= SURE_FROM;
  });
  if (isGuarded) return null;
  const better = Object.fromEntries(
    pairs.map(({ axis, sign, a, b }) => [
      axis,
      shareOf(draws, (i) => sign * (a.draws[i] as number) > sign * (b.draws[i] as number)),
    ]),
  );
  if (!Object.values(better).some((share) => share >= SURE_FROM)) return null;
  const probability = shareOf(draws, (i) =>
    pairs.every(({ sign, a, b }) => sign * (a.draws[i] as number) >= sign * (b.draws[i] as number)),
  );
  return { probability, better, cases };
}

function of({ figures }: Weighed, name: Axis | Guard) {
  return figures.get(name) as { figure: CaseFigure; draws: Float64Array };
}
